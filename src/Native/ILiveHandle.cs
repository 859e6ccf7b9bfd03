namespace FlowMeter.Native;

/// <summary>
/// An open handle on a live interface: what takes the frames out of its ring. For one thread at a time. Every member throws
/// <see cref="PcapException"/> where the system refuses. One call of it is worth up to thousands of packets.
/// </summary>
public unsafe interface ILiveHandle : IDisposable
{
    /// <summary>The LINKTYPE_ value of the packets.</summary>
    int LinkType { get; }

    /// <summary>Most bytes captured of a packet.</summary>
    int SnapLength { get; }

    /// <summary>What a header's fraction counts: 1 for nanoseconds, 1000 for microseconds.</summary>
    int NanosecondsPerFraction { get; }

    /// <summary>Hands packets that are there to <paramref name="callback"/>.</summary>
    /// <param name="countMax">Most packets to hand over.</param>
    /// <param name="callback">
    /// Gets <paramref name="user"/>, the header and the bytes, both valid during the call only. It must not throw.
    /// </param>
    /// <param name="user">Handed through untouched.</param>
    /// <returns>Packets handed over; a negative number when <see cref="BreakLoop"/> came before the first.</returns>
    int Dispatch(int countMax, delegate* unmanaged[Cdecl]<byte*, PcapPacketHeader*, byte*, void> callback, void* user);

    /// <summary>Ends a running <see cref="Dispatch"/>, or the next one.</summary>
    void BreakLoop();

    /// <summary>Waits until there may be packets, at most so many milliseconds.</summary>
    void AwaitPackets(int milliseconds);

    /// <summary>
    /// Has the system refuse every further packet; those that are there stay. Where it can not, packets go on coming.
    /// </summary>
    void RefusePackets();

    /// <summary>What has been counted since it was opened.</summary>
    PcapStatistics Stats();
}
