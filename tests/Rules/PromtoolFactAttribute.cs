using FlowMeter.Tests.EndToEnd;

namespace FlowMeter.Tests.Rules;

/// <summary>A fact that takes Prometheus' promtool; skipped where there is none.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class PromtoolFactAttribute : FactAttribute
{
    public PromtoolFactAttribute() => Skip = Available.HasCommand("promtool") ? null : "there is no promtool";
}
