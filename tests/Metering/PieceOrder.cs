using FlowMeter.Engine.Capture;

namespace FlowMeter.Tests.Metering;

/// <summary>Counts what a team takes of pieces that it has read ahead: whether each is taken to its end before the next.</summary>
internal sealed class PieceOrder(IPacketSource source) : IPacketSource
{
    private readonly HashSet<PacketBatch> _reserved = [];
    private bool _isTaking;
    private int _batches;

    /// <summary>Pieces that gave more than two batches.</summary>
    public int LongTurns { get; private set; }

    /// <summary>Pieces of which something was left when the next was taken.</summary>
    public int CutTurns { get; private set; }

    public bool TryFill(PacketBatch batch) => source.TryFill(batch);

    public bool TryReserve(PacketBatch batch)
    {
        bool isReserved = source.TryReserve(batch);
        lock (_reserved)
        {
            _ = isReserved && _reserved.Add(batch);
        }

        return isReserved;
    }

    public bool TryTake(PacketBatch batch)
    {
        lock (_reserved)
        {
            if (_reserved.Remove(batch))
            {
                CutTurns += _isTaking ? 1 : 0;
                _batches = 0;
            }
        }

        _isTaking = source.TryTake(batch);
        LongTurns += _isTaking && ++_batches == 3 ? 1 : 0;
        return _isTaking;
    }

    public void Keep() => source.Keep();

    public void Dispose() => source.Dispose();
}
