using System.Runtime.Versioning;
using FlowMeter.Native;

namespace FlowMeter.Tests.EndToEnd;

/// <summary>A fact with AF_XDP on an interface of the test's own; skipped with a reason where the kernel has none.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class XdpFactAttribute : FactAttribute
{
    private static readonly Lazy<string?> s_whyNot = new(Find);

    public XdpFactAttribute() => Skip = s_whyNot.Value;

    /// <summary>Why there is no AF_XDP here; null if there is.</summary>
    public static string? WhyNot => s_whyNot.Value;

    private static string? Find()
    {
        if (NetworkTheoryAttribute.WhyNot is { } reason || !OperatingSystem.IsLinux())
        {
            return NetworkTheoryAttribute.WhyNot ?? "AF_XDP is Linux's.";
        }

        using VethPair wire = new();
        return wire.Open(Try) is { Length: > 0 } refusal ? refusal : null;
    }

    [SupportedOSPlatform("linux")]
    private static string Try()
    {
        try
        {
            XdpCapture.Open(VethPair.Interface, 1, null, true, 128, 1 << 20)[0].Dispose();
            return "";
        }
        catch (PcapException refused)
        {
            return refused.Message;
        }
    }
}
