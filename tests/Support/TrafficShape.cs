namespace FlowMeter.Tests.Support;

/// <summary>What random traffic is like. The timeouts are those whose edges it is to touch.</summary>
internal sealed record TrafficShape
{
    public int Conversations { get; init; } = 60;

    /// <summary>When the last conversation begins, at most, after the first.</summary>
    public long SpreadNs { get; init; } = 7_200_000_000_000;

    /// <summary>A frame comes later than its time says by less than this. Below 10 s no sweep may change a record.</summary>
    public long MaxDisorderNs { get; init; }

    public int LinkType { get; init; } = PacketBuilder.LinkEthernet;

    /// <summary>Some frames lack their ends.</summary>
    public bool SnapLengths { get; init; } = true;

    public long IdleTimeoutNs { get; init; } = 120_000_000_000;

    public long ActiveTimeoutNs { get; init; } = 1_800_000_000_000;

    public long LingerNs { get; init; } = 5_000_000_000;
}
