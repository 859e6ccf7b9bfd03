namespace FlowMeter.Tests.EndToEnd;

/// <summary>A fact on an interface of the test's own, without the binary; skipped with a reason where none can be made.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class NetworkFactAttribute : FactAttribute
{
    public NetworkFactAttribute() => Skip = NetworkTheoryAttribute.WhyNot;
}
