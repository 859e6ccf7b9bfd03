namespace FlowMeter.Engine.Capture;

/// <summary>
/// An observation point (RFC 7011 §2): a capture file, a sequence of them, a live interface, a replay. One virtual call a batch, none a
/// packet.
/// </summary>
public interface IPacketSource : IDisposable
{
    /// <summary>
    /// Empties <paramref name="batch"/> and fills it with the next packets, all of one link type. What the batch points at stays valid
    /// until the same batch is filled again or the source is disposed.
    /// </summary>
    /// <returns>False when there is nothing more to come; the batch is empty then.</returns>
    /// <exception cref="CaptureException">The input is damaged or can not be read further; packets already given out are good.</exception>
    bool TryFill(PacketBatch batch);

    /// <summary>
    /// Reserves what is next to be read for a batch, so that <see cref="PacketBatch.Fetch"/> reads it while others fill batches; then it is
    /// the batch's turn to <see cref="TryTake"/>, in the order of the reservations. By one thread at a time, also while another one takes;
    /// not while one fills.
    /// </summary>
    /// <returns>False if the source is, for now or for ever, only to be read in turn.</returns>
    bool TryReserve(PacketBatch batch) => false;

    /// <summary>
    /// Empties <paramref name="batch"/> and fills it with the next packets of what was read ahead: for this batch, or for the one before it
    /// that was not taken to its end.
    /// </summary>
    /// <returns>False when nothing is left of it, or there never was anything; the batch is empty then.</returns>
    /// <exception cref="CaptureException">As <see cref="TryFill"/>.</exception>
    bool TryTake(PacketBatch batch)
    {
        batch.Clear(batch.LinkType);
        return false;
    }

    /// <summary>Has the source keep what it has not given out of the memory of batches, which may be used for other things then.</summary>
    void Keep()
    {
    }
}
