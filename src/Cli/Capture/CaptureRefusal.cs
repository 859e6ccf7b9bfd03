using FlowMeter.Engine.Capture;
using FlowMeter.Engine.Scoring;
using FlowMeter.Native;

namespace FlowMeter.Cli.Capture;

/// <summary>Says why an interface can not be captured, and what to do.</summary>
internal static class CaptureRefusal
{
    /// <summary>The exception to throw for what libpcap said when one of the interfaces was opened.</summary>
    public static Exception Explain(PcapException cause, IReadOnlyList<string> interfaces) => cause.Error switch
    {
        PcapError.PermissionDenied or PcapError.PromiscuousPermissionDenied =>
            new CaptureException(NoRight(NameIn(cause, interfaces)), cause),
        PcapError.NoSuchDevice => new CaptureException(Unknown(NameIn(cause, interfaces)), cause),
        _ => cause,
    };

    private static string NameIn(PcapException cause, IReadOnlyList<string> interfaces) =>
        interfaces.FirstOrDefault(name => cause.Message.StartsWith(name + ":", StringComparison.Ordinal)) ?? interfaces[0];

    private static string NoRight(string name)
    {
        string path = Environment.ProcessPath ?? "flowmeter";
        return OperatingSystem.IsLinux()
            ? $"{name}: no right to capture, which takes the capability CAP_NET_RAW; give it to the program: sudo setcap cap_net_raw+ep "
                + $"{path}"
            : $"{name}: no right to capture; run as root, or give this user access to the capture devices.";
    }

    private static string Unknown(string name)
    {
        IReadOnlyList<string> known = [.. CaptureDevice.List().Select(device => device.Name)];
        if (known.Count == 0)
        {
            return $"{name}: no such interface, and no other that this user may see.";
        }

        string nearest = NearestName.Find(name, known);
        return $"{name}: no such interface; there is "
            + $"{string.Join(", ", known.Order(Comparer<string>.Create((a, b) => (b == nearest).CompareTo(a == nearest))))}.";
    }
}
