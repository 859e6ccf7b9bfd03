using FlowMeter.Tests.EndToEnd;

namespace FlowMeter.Tests.Brokers;

/// <summary>A fact about a mock of Kafka and kcat; skipped with a reason where one of them is not there.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class KafkaFactAttribute : FactAttribute
{
    public KafkaFactAttribute() => Skip = WhyNot;

    /// <summary>Why such a test can not run here; null if it can.</summary>
    public static string? WhyNot =>
        MockKafka.IsAvailable && Available.HasCommand("kcat") ? null : "there is no librdkafka.so.1, or no kcat";
}
