using FlowMeter.Tests.EndToEnd;

namespace FlowMeter.Tests.Brokers;

/// <summary>A fact about a real server of NATS; skipped with a reason where there is none.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class NatsFactAttribute : FactAttribute
{
    public NatsFactAttribute() => Skip = WhyNot;

    /// <summary>Why such a test can not run here; null if it can.</summary>
    public static string? WhyNot => Available.HasCommand("nats-server") ? null : "there is no nats-server";
}
