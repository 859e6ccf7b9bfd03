using FlowMeter.Native;

namespace FlowMeter.Cli.Capture;

/// <summary>An interface as it is listed.</summary>
internal sealed record ListedInterface(string Name, bool Up, bool Running, bool Loopback, string? LinkType, string[] Addresses, string? Description)
{
    /// <summary>Takes what libpcap knows. The link type is known only to who may open the interface; else it is null.</summary>
    public static ListedInterface Of(CaptureDevice device) => new(
        device.Name,
        device.State.HasFlag(CaptureDeviceState.Up),
        device.State.HasFlag(CaptureDeviceState.Running),
        device.State.HasFlag(CaptureDeviceState.Loopback),
        LinkTypeOf(device.Name),
        [.. device.Addresses.Select(address => address.ToString())],
        device.Description);

    private static string? LinkTypeOf(string name)
    {
        try
        {
            using PcapCapture capture = PcapCapture.Create(name);
            capture.Activate();
            return DataLink.NameOf(capture.LinkType);
        }
        catch (PcapException)
        {
            return null;
        }
    }
}
