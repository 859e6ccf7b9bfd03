using FlowMeter.Native;

namespace FlowMeter.Engine.Brokers;

/// <summary>What a failure of Kafka means, and what to do about it.</summary>
internal static class KafkaRefusal
{
    /// <summary>Explains a failure.</summary>
    /// <param name="error">What happened to a message or a question.</param>
    /// <param name="reason">What was said last of connections; null: nothing.</param>
    /// <param name="topic">The topic.</param>
    public static BrokerException Of(KafkaError error, KafkaFailure? reason, string topic) => error switch
    {
        KafkaError.UnknownTopic or KafkaError.NoTopic or KafkaError.UnknownPartition => new BrokerException(
            $"has no topic {topic}", $"make it, as with kafka-topics.sh --bootstrap-server HOST:PORT --create --topic {topic}"),
        KafkaError.TopicAuthorization or KafkaError.ClusterAuthorization => new BrokerException(
            $"refuses: {KafkaProducer.Describe(error)}", $"give this user the right to write to topic {topic}, and idempotently"),
        KafkaError.MessageTooLarge => new BrokerException(
            "takes no message of this length", $"set max.message.bytes of topic {topic} to 1048588 or more"),
        KafkaError.Fatal => new BrokerException(
            $"has lost track of what it has: {Cut(reason)}", "see what the broker's log says; a new producer is tried"),
        KafkaError.Transport or KafkaError.MessageTimedOut or KafkaError.TimedOut => Unreachable(reason, topic),
        _ => new BrokerException($"refuses: {KafkaProducer.Describe(error)}", "see what the broker's log says"),
    };

    private static BrokerException Unreachable(KafkaFailure? reason, string topic) => reason?.Error switch
    {
        null => new BrokerException(
            "answers nothing", $"see whether the cluster is up, and the partitions of topic {topic} have leaders and enough replicas"),
        KafkaError.Authentication => new BrokerException(
            $"refuses: {Cut(reason)}", "give user and password in the address, and its login with ?sasl="),
        KafkaError.Ssl => new BrokerException(
            $"can not be trusted: {Cut(reason)}", "name the authority with ?ca=FILE, and the server as in its certificate"),
        _ when reason.Value.Reason.Contains("Permission denied", StringComparison.Ordinal) => new BrokerException(
            $"can not be reached: {Cut(reason)}",
            "name the ports of all its servers in the address, since a run in its sandbox connects to no others"),
        _ => new BrokerException(
            $"can not be reached: {Cut(reason)}", "see whether servers and network are up, and whether they want kafkas:// or a user"),
    };

    /// <summary>What librdkafka says, without the number it has for the server in front and its own state behind.</summary>
    private static string Cut(KafkaFailure? reason)
    {
        string text = reason?.Reason ?? "";
        int slash = text.IndexOf('/', StringComparison.Ordinal);
        int start = text.IndexOf(": ", StringComparison.Ordinal);
        int end = text.LastIndexOf(" (after ", StringComparison.Ordinal);
        return text[(slash > 0 && slash < start ? start + 2 : 0)..(end > 0 ? end : text.Length)];
    }
}
