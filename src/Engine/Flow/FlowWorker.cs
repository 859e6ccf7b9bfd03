using System.Runtime.CompilerServices;
using FlowMeter.Engine.Capture;
using FlowMeter.Engine.Decode;
using FlowMeter.Engine.Names;

namespace FlowMeter.Engine.Flow;

/// <summary>
/// A worker's metering: packets in, ended flows out to its consumer. Packets come as batches, or one by one where they lie in memory that
/// is only lent for a moment (a live interface's ring): those are decoded at once, in place, and one call that is virtual stands for 64 of
/// them.
/// </summary>
internal abstract unsafe class FlowWorker : IDisposable
{
    private protected readonly Decoder _decoder;
    private protected readonly FlowHash _hash;
    private protected readonly FlowTable _table;
    private protected PacketWindow _current;
    private readonly IEarlyScorer? _earlyScorer;

    private protected FlowWorker(FlowWorkerParts parts, PayloadDetail payloads)
    {
        FlowOptions options = parts.Options;
        Payloads = payloads;
        Frames = parts.Frames;
        Clock = new PacketClock(FlowExpiry.LongestWait(options.Rules, options.SweepSlack));
        _decoder = new Decoder(options.Rules.Decode, options.Tunnels, parts.Fragments, payloads);
        _hash = parts.Hash;
        _table = new FlowTable(options.MaxFlows, parts.Hash, parts.FirstBlock.Columns.Layout);
        _current = CreateWindow();
        _earlyScorer = parts.EarlyScorer;
    }

    /// <summary>Frames by what became of them.</summary>
    public FrameCounts FrameCounts => _decoder.Counts;

    /// <summary>Flows by end reason.</summary>
    public abstract FlowCounts Flows { get; }

    /// <summary>The clock of what it reads. In a team the first worker's is that of all.</summary>
    public PacketClock Clock { get; }

    /// <summary>What the packets it accounts for have to keep of their payloads.</summary>
    public PayloadDetail Payloads { get; }

    /// <summary>Keeps frames until their flow has been asked; null: disabled.</summary>
    public IFrameRetention? Frames { get; }

    /// <summary>Makes a worker with the accounting of a profile, and that of annotations where the layout has them.</summary>
    public static FlowWorker Create<TAccounting>(FlowWorkerParts parts)
        where TAccounting : IAccounting =>
        parts.FirstBlock.Columns.Layout switch
        {
            { Names: not null } => new AccountingWorker<Annotated<TAccounting, WithNames>>(parts),
            { AnnotationBytes: > 0 } => new AccountingWorker<Annotated<TAccounting, WithoutNames>>(parts),
            _ => new AccountingWorker<TAccounting>(parts),
        };

    /// <summary>Meters all packets of a batch; for a worker that is alone.</summary>
    public abstract void Process(PacketBatch batch);

    /// <summary>Decodes batches for all workers of a team.</summary>
    /// <returns>
    /// False if it has to be done again once all earlier batches have been decoded (see <see cref="Decoder.TryDecode"/>).
    /// </returns>
    public abstract bool TryDecode(ReadOnlySpan<PacketBatch> batches, DecodedBatch into, bool isInTurn);

    /// <summary>Accounts for the packets of its shard, and does what time asks for.</summary>
    public abstract void Account(DecodedBatch batch, int shard);

    /// <summary>
    /// Processes one packet; its bytes are not needed any more afterwards. It may be accounted for later, at the latest by
    /// <see cref="Tick"/>.
    /// </summary>
    public void Process(LinkType linkType, byte* data, uint captured, uint wire, long time)
    {
        PacketWindow window = _current;
        if (_decoder.Add(linkType, data, captured, wire, time, window.Own))
        {
            LookUpLast(window);
        }
    }

    /// <summary>The same with a copy of its bytes kept (<see cref="Frames"/>).</summary>
    public void ProcessAndRetain(LinkType linkType, byte* data, uint captured, uint wire, long time)
    {
        if (!Frames!.HasRoom(captured))
        {
            AccountWindow();
        }

        PacketWindow window = _current;
        bool isInFlow = _decoder.Add(linkType, data, captured, wire, time, window.Own);
        Frames.Keep(linkType, data, captured, wire, time, isInFlow ? window.Own.Count - 1 : -1);
        if (isInFlow)
        {
            LookUpLast(window);
        }
    }

    /// <summary>
    /// Does what time asks for, little at each call: ends flows that are over, and hands over the block that is being filled. To be called
    /// about ten times a second.
    /// </summary>
    /// <param name="now">The monotonic clock, nanoseconds, before the source was asked for packets.</param>
    /// <param name="isIdle">Whether no packet waited at that time: what came before has been taken, so time goes on without one.</param>
    public abstract void Tick(long now, bool isIdle);

    /// <summary>Ends every flow that is left and hands over the last block.</summary>
    /// <param name="clock">The clock at the end of the input (<see cref="PacketClock.Now"/>).</param>
    public abstract void Finish(long clock);

    /// <inheritdoc/>
    public virtual void Dispose()
    {
        _current.Dispose();
        _table.Dispose();
        _earlyScorer?.Dispose();
        Frames?.Dispose();
    }

    /// <summary>Makes a window for what is kept of payloads.</summary>
    private protected PacketWindow CreateWindow() =>
        new(Payloads, _table.Columns.Names == null ? PayloadHead.MaxLength : NamePacket.MaxPayload);

    /// <summary>Accounts for the window that has been filled.</summary>
    private protected abstract void AccountWindow();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void LookUpLast(PacketWindow window)
    {
        window.TakeLast(in _hash);
        if (window.Count == PacketWindow.Capacity)
        {
            AccountWindow();
        }
    }
}
