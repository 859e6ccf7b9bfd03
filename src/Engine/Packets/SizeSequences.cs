using FlowMeter.Engine.Capture;
using FlowMeter.Engine.Decode;
using FlowMeter.Engine.Flow;

namespace FlowMeter.Engine.Packets;

/// <summary>
/// A source that hands on the packets of another one and, on the way, follows their flows by the same rules to collect the hash of each
/// one's <see cref="SizeSequence"/>. Who meters from it is none the wiser, and who does not want the hashes pays nothing. For one thread.
/// </summary>
internal sealed unsafe class SizeSequences : IPacketSource, IFlowConsumer
{
    private readonly IPacketSource _source;
    private readonly FragmentTable _fragments;
    private readonly FlowWorker _worker;
    private readonly FlowRecordBlock _ended = new(SizeSequence.Layout);
    private readonly List<(FlowKey Key, long Start, ulong Hash)> _hashes = [];

    /// <summary>Begins with no packets.</summary>
    /// <param name="source">Where packets come from; stays the caller's.</param>
    /// <param name="options">Which packets make up a flow. Where flows are cut or left out in it, their sequences are whole.</param>
    public SizeSequences(IPacketSource source, FlowOptions options)
    {
        FlowHash hash = new();
        _source = source;
        _fragments = new FragmentTable(hash);
        FlowRules rules = options.Rules with { Decode = options.Rules.Decode with { SizeIsCapturedLength = false } };
        _worker = new AccountingWorker<SizeSequence>(new FlowWorkerParts
        {
            Options = options with { Rules = rules, DecideAfter = null, MinPackets = 1 },
            Hash = hash,
            Fragments = _fragments,
            Consumer = this,
            FirstBlock = _ended,
        });
    }

    /// <inheritdoc/>
    public bool TryFill(PacketBatch batch)
    {
        if (!_source.TryFill(batch))
        {
            return false;
        }

        _worker.Process(batch);
        return true;
    }

    /// <summary>
    /// Ends all flows and returns, in no order, the hash of each that has <see cref="SizeSequence.MinPackets"/> packets or more, with its
    /// key and the time of its first packet. To be called once, after the last packet.
    /// </summary>
    public IReadOnlyList<(FlowKey Key, long Start, ulong Hash)> Finish()
    {
        _worker.Finish(_worker.Clock.Now);
        return _hashes;
    }

    /// <inheritdoc/>
    public FlowRecordBlock Exchange(FlowRecordBlock full)
    {
        for (int i = 0; i < full.Count; i++)
        {
            SizeSequence* sequence = SizeSequence.At(full.Columns, FlowColumns.RowOf(i));
            if (sequence->Packets >= SizeSequence.MinPackets)
            {
                FlowHeader* header = full.Header(i);
                FlowKey key = new(
                    header->Key.AUpper, header->Key.ALower, header->Key.BUpper, header->Key.BLower, header->Key.Tail & FlowKey.TailMask);
                _hashes.Add((key, header->First, sequence->Hash));
            }
        }

        full.Count = 0;
        return full;
    }

    /// <inheritdoc/>
    public void LeaveOut(FlowHeader* header, int waiting)
    {
    }

    /// <inheritdoc/>
    public void EndOfPackets()
    {
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _worker.Dispose();
        _ended.Dispose();
        _fragments.Dispose();
    }
}
