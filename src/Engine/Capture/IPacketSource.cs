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
}
