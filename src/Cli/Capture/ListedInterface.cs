using FlowMeter.Native;

namespace FlowMeter.Cli.Capture;

/// <summary>An interface as it is listed.</summary>
internal sealed record ListedInterface
{
    /// <summary>What it is captured by.</summary>
    public required string Name { get; init; }

    /// <summary>Whether it is up.</summary>
    public required bool Up { get; init; }

    /// <summary>Whether it has a carrier.</summary>
    public required bool Running { get; init; }

    /// <summary>Whether it is a loopback.</summary>
    public required bool Loopback { get; init; }

    /// <summary>The name of its link type; null for who may not open the interface.</summary>
    public required string? LinkType { get; init; }

    /// <summary>Its addresses.</summary>
    public required string[] Addresses { get; init; }

    /// <summary>What the system says of it; null for nothing.</summary>
    public required string? Description { get; init; }

    /// <summary>Takes what libpcap knows.</summary>
    public static ListedInterface From(CaptureDevice device) => new()
    {
        Name = device.Name,
        Up = device.State.HasFlag(CaptureDeviceState.Up),
        Running = device.State.HasFlag(CaptureDeviceState.Running),
        Loopback = device.State.HasFlag(CaptureDeviceState.Loopback),
        LinkType = LinkTypeOf(device.Name),
        Addresses = [.. device.Addresses.Select(address => address.ToString())],
        Description = device.Description,
    };

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
