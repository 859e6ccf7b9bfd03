namespace FlowMeter.Native;

/// <summary>A handle that calls back for each packet, as libpcap does.</summary>
public unsafe interface ICallingHandle : ILiveHandle
{
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
}
