namespace FlowMeter.Native;

/// <summary>
/// An open handle on a live interface: what takes the frames out of its ring, a packet at a time (<see cref="ICallingHandle"/>) or many
/// (<see cref="ILendingHandle"/>). For one thread at a time. Every member throws <see cref="PcapException"/> where the system refuses. One
/// call of it is worth up to thousands of packets.
/// </summary>
public interface ILiveHandle : IDisposable
{
    /// <summary>The LINKTYPE_ value of the packets.</summary>
    int LinkType { get; }

    /// <summary>Most bytes captured of a packet.</summary>
    int SnapLength { get; }

    /// <summary>Waits until there may be packets, at most so many milliseconds.</summary>
    void AwaitPackets(int milliseconds);

    /// <summary>
    /// Has the system refuse every further packet; those that are there stay. Where it can not, packets go on coming.
    /// </summary>
    void RefusePackets();

    /// <summary>What has been counted since it was opened.</summary>
    PcapStatistics Stats();
}
