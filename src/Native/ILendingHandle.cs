namespace FlowMeter.Native;

/// <summary>A handle that lends its packets, many at a time and where they lie, until they are given back.</summary>
public interface ILendingHandle : ILiveHandle
{
    /// <summary>Points at the oldest packets that are there, which are the caller's until <see cref="GiveBack"/>.</summary>
    /// <param name="columns">Where to say what they are; room for <paramref name="countMax"/>.</param>
    /// <param name="countMax">Most packets to lend. There may be fewer than lie in the ring.</param>
    /// <returns>Packets lent; 0 if there is none, and then there is nothing to give back.</returns>
    int Take(PacketPointers columns, int countMax);

    /// <summary>Takes the packets back that were lent last: their bytes are gone.</summary>
    void GiveBack();
}
