using FlowMeter.Native;

namespace FlowMeter.Engine.Capture;

/// <summary>How live interfaces are captured; fixed for a run.</summary>
public sealed record CaptureSettings
{
    /// <summary>Interfaces by name.</summary>
    public required IReadOnlyList<string> Interfaces { get; init; }

    /// <summary>Bytes kept of a frame. 256 hold the headers of anything that is metered, tunnels included.</summary>
    public int SnapLength { get; init; } = 256;

    /// <summary>Whether frames addressed to others are captured.</summary>
    public bool IsPromiscuous { get; init; } = true;

    /// <summary>Bytes of the kernel's ring, of each handle.</summary>
    public int BufferBytes { get; init; } = 64 << 20;

    /// <summary>A BPF expression that the kernel lets frames through by; null for all.</summary>
    public string? Filter { get; init; }

    /// <summary>Which frames, seen from this machine.</summary>
    public CaptureDirection Direction { get; init; }

    /// <summary>Handles that share each interface's frames; each flow is whole in one of them.</summary>
    public int HandlesPerInterface { get; init; } = 1;

    /// <summary>Workers that each handle feeds; more than one where the kernel does not share.</summary>
    public int WorkersPerHandle { get; init; } = 1;

    /// <summary>Whether packets are taken from the driver by AF_XDP, with a handle for each receive queue; Linux only.</summary>
    public bool IsXdp { get; init; }

    /// <summary>Frames after which the capture ends; null for no end.</summary>
    public long? MaxFrames { get; init; }

    /// <summary>Whether the kernel can share the frames of these interfaces between several handles, whole flows to each.</summary>
    public static bool CanShare(IEnumerable<string> interfaces) => OperatingSystem.IsLinux() && !interfaces.Contains("any");
}
