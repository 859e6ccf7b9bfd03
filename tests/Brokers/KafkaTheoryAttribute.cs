namespace FlowMeter.Tests.Brokers;

/// <summary>A theory about a mock of Kafka and kcat; skipped with a reason where one of them is not there.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class KafkaTheoryAttribute : TheoryAttribute
{
    public KafkaTheoryAttribute() => Skip = KafkaFactAttribute.WhyNot;
}
