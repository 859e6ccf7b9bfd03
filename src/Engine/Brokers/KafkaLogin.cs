using FlowMeter.Engine.Output;
using FlowMeter.Engine.Text;

namespace FlowMeter.Engine.Brokers;

/// <summary>How a producer of Kafka logs in, as settings of librdkafka. Files are read once: a run that can not read them any more
/// connects all the same.</summary>
internal static class KafkaLogin
{
    private static readonly Dictionary<string, string> s_mechanisms = new()
    {
        ["plain"] = "PLAIN",
        ["scram-sha-256"] = "SCRAM-SHA-256",
        ["scram-sha-512"] = "SCRAM-SHA-512",
    };

    /// <summary>Why the login of an address is none, as a part of a sentence; null if it is one.</summary>
    public static string? WhyNot(BrokerAddress address)
    {
        string? mechanism = address.Settings.GetValueOrDefault("sasl");
        bool hasFile = address.Settings.ContainsKey("password-file");
        return mechanism != null && !s_mechanisms.ContainsKey(mechanism)
                ? $"sasl={mechanism} is no login; those are {string.Join(", ", s_mechanisms.Keys)}"
            : string.IsNullOrEmpty(address.User)
                ? mechanism != null || hasFile || address.User != null ? "has no user; write it as kafka://USER@HOST/TOPIC" : null
            : address.Password != null && hasFile ? "has two passwords; leave one of them out"
            : string.IsNullOrEmpty(address.Password) && !hasFile ? $"has no password of {address.User}; name its file with ?password-file="
            : null;
    }

    /// <summary>The settings of a login, with the text of its files.</summary>
    /// <exception cref="OutputException">A file can not be used.</exception>
    public static IEnumerable<KeyValuePair<string, string>> SettingsOf(BrokerAddress address)
    {
        string? Setting(string name) => address.Settings.GetValueOrDefault(name);
        Dictionary<string, string> settings = new()
        {
            ["security.protocol"] = (address.User, address.IsSecure) switch
            {
                (null, false) => "plaintext",
                (null, true) => "ssl",
                (_, false) => "sasl_plaintext",
                _ => "sasl_ssl",
            },
        };
        if (address.User != null)
        {
            settings["sasl.mechanism"] = s_mechanisms[Setting("sasl") ?? "plain"];
            settings["sasl.username"] = address.User;
            settings["sasl.password"] = address.Password ?? TextOf(Setting("password-file")!).Split('\n')[0].TrimEnd('\r');
        }

        if (address.IsSecure)
        {
            // Not the default before librdkafka 2.0.
            settings["ssl.endpoint.identification.algorithm"] = "https";
        }

        if (Setting("ca") is { } authorities)
        {
            settings["ssl.ca.pem"] = TextOf(authorities);
        }

        if (Setting("cert") is { } certificate)
        {
            settings["ssl.certificate.pem"] = TextOf(certificate);
            settings["ssl.key.pem"] = TextOf(Setting("key") ?? certificate);
        }

        return settings;
    }

    private static string TextOf(string path)
    {
        try
        {
            return File.ReadAllText(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new OutputException($"{path}: {FailureReason.Of(e)}; name another file, or leave it out.", e);
        }
    }
}
