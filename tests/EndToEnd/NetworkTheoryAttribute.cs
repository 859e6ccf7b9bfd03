namespace FlowMeter.Tests.EndToEnd;

/// <summary>A theory on an interface of the test's own, without the binary; skipped with a reason where none can be made.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class NetworkTheoryAttribute : TheoryAttribute
{
    public NetworkTheoryAttribute() => Skip = WhyNot;

    /// <summary>Why no interface can be made; null if one can.</summary>
    public static string? WhyNot => VethPair.IsAvailable ? null : "no right to make network namespaces, no ip command, or no libpcap";
}
