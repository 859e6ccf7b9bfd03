namespace FlowMeter.Tests.Oracle;

/// <summary>What a user may choose of SPEC §2, with its defaults.</summary>
internal sealed record ReferenceMeterOptions
{
    public long IdleTimeoutNs { get; init; } = 120_000_000_000;

    public long ActiveTimeoutNs { get; init; } = 1_800_000_000_000;

    public long LingerNs { get; init; } = 5_000_000_000;

    public IReadOnlyList<ReferenceNetwork> LocalNets { get; init; } = [];

    /// <summary>Whether tunnels are metered by the packet inside.</summary>
    public bool Decapsulate { get; init; }

    /// <summary>Flows of fewer packets do not come out.</summary>
    public int MinPackets { get; init; } = 1;
}
