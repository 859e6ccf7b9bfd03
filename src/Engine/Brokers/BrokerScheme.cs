namespace FlowMeter.Engine.Brokers;

/// <summary>How an address of a broker begins, and what that says of the rest.</summary>
public sealed class BrokerScheme
{
    private static readonly string[] s_natsSettings = ["sensor", "ca", "cert", "key", "creds", "nkey"];
    private static readonly string[] s_kafkaSettings = ["sensor", "ca", "cert", "key", "sasl", "password-file"];

    private BrokerScheme(string name, bool isKafka, bool isSecure) => (Name, IsKafka, IsSecure) = (name, isKafka, isSecure);

    /// <summary>All there are.</summary>
    public static IReadOnlyList<BrokerScheme> All { get; } =
        [new("nats", false, false), new("tls", false, true), new("kafka", true, false), new("kafkas", true, true)];

    /// <summary>What stands in front of <c>://</c>.</summary>
    public string Name { get; }

    /// <summary>Whether it is a cluster of Kafka; otherwise it is NATS.</summary>
    public bool IsKafka { get; }

    /// <summary>Whether the connection must be by TLS.</summary>
    public bool IsSecure { get; }

    /// <summary>The port of servers that have none.</summary>
    internal ushort DefaultPort => IsKafka ? (ushort)9092 : (ushort)4222;

    /// <summary>What messages are sent to.</summary>
    internal string Noun => IsKafka ? "topic" : "subject";

    /// <summary>What may stand behind the question mark.</summary>
    internal IReadOnlyList<string> Settings => IsKafka ? s_kafkaSettings : s_natsSettings;

    /// <summary>How such an address is written.</summary>
    internal string Expected
    {
        get
        {
            string scheme = IsKafka ? "kafka" : "nats";
            string noun = Noun.ToUpperInvariant();
            return $"write it as {scheme}://HOST/{noun}, with several servers as {scheme}://HOST1,HOST2/{noun}";
        }
    }

    /// <summary>Why a subject or topic is none, as a part of a sentence; null if it is one.</summary>
    internal string? WhyNot(string subject)
    {
        const int MaxTopic = 249;
        if (IsKafka)
        {
            bool isTopic = subject.Length <= MaxTopic && subject is not ("." or "..")
                && subject.All(letter => char.IsAsciiLetterOrDigit(letter) || letter is '.' or '_' or '-');
            return isTopic ? null : "is no topic; topics are letters, digits, periods, _ and -, as flows";
        }

        bool isSubject = !subject.Any(letter => char.IsWhiteSpace(letter) || char.IsControl(letter)) && !subject.Split('.').Contains("");
        return isSubject ? null : "is no subject; subjects are words with periods between, as flows.site1";
    }
}
