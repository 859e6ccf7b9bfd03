using FlowMeter.Engine.Capture;
using FlowMeter.Engine.Decode;
using FlowMeter.Engine.Flow;

namespace FlowMeter.Engine.Packets;

/// <summary>
/// Follows the flows of packets that have been metered before, by the same rules and without statistics, and so knows which flow of an
/// index each packet belongs to. One packet at a time, for one thread.
/// </summary>
internal sealed unsafe class FlowTracker : IDisposable
{
    private readonly FlowOptions _options;
    private readonly VerdictIndex _index;
    private readonly FlowHash _hash = new();
    private readonly FragmentTable _fragments;
    private readonly Decoder _decoder;
    private readonly FlowRecordBlock _ended;
    private readonly FlowTable _table;
    private readonly FlowLife<PacketPlace> _life;
    private readonly PacketClock _clock;
    private readonly PacketWindow _window = new();
    private long _row;
    private int _sinceSweep;

    /// <summary>Begins with no packets.</summary>
    /// <param name="options">Those of the metering process before.</param>
    /// <param name="index">Its flows, sorted; stays the caller's.</param>
    public FlowTracker(FlowOptions options, VerdictIndex index)
    {
        // A flow that was decided is followed to its end, and one that is short comes out like any other.
        _options = options with { DecideAfter = null, MinPackets = 1 };
        _index = index;
        _fragments = new FragmentTable(_hash);
        _decoder = new Decoder(options.Rules.Decode, options.Tunnels, _fragments);
        _clock = new PacketClock(FlowExpiry.LongestWait(options.Rules, options.SweepSlack));
        _ended = new FlowRecordBlock(PacketPlace.Layout);
        _table = new FlowTable(options.MaxFlows, _hash, PacketPlace.Layout);
        _life = new FlowLife<PacketPlace>(_options, _table, new Nowhere(), _ended);
    }

    /// <summary>What became of the frame taken last.</summary>
    public DecodeResult Result { get; private set; }

    /// <summary>Whether the packet taken last belongs to a flow; it does not if it was skipped, or the profile leaves it out.</summary>
    public bool HasFlow => _window.Count == 1;

    /// <summary>The key of the packet taken last.</summary>
    public FlowKey Key => _window.Keys[0];

    /// <summary>Whether its source is endpoint B.</summary>
    public bool IsFromB => _window.FromB[0] != 0;

    /// <summary>The type and code of the ICMP message taken last; -1 where it has none, as a later fragment.</summary>
    public int IcmpTypeAndCode => _decoder.IcmpTypeAndCode;

    /// <summary>The time of its flow's first packet, nanoseconds since the epoch.</summary>
    public long FlowStart => _table.Columns.Header(_row)->First;

    /// <summary>Whether its source is the forward end of its flow.</summary>
    public bool IsForward => (_table.Columns.Header(_row)->State & FlowState.ForwardIsB) != 0 == IsFromB;

    /// <summary>The number of its flow in the index; -1 for none.</summary>
    public long Number => PacketPlace.At(_table.Columns, _row)->Number;

    /// <summary>Which packet of its flow it is, from 1.</summary>
    public long Place => PacketPlace.At(_table.Columns, _row)->Place;

    /// <summary>Takes a packet of a batch.</summary>
    /// <exception cref="CaptureException">More flows are live at a time than the table has room for.</exception>
    public void Process(PacketBatch batch, int index)
    {
        _window.Clear();
        bool hasFlow = _decoder.Add(
            batch.LinkType, batch.Data[index], batch.CapturedLength[index], batch.WireLength[index], batch.Time[index], _window.Own);
        Result = hasFlow ? DecodeResult.Metered : _decoder.Rejected;
        if (!hasFlow)
        {
            return;
        }

        if (_sinceSweep++ == PacketWindow.Capacity)
        {
            _sinceSweep = 1;
            _life.SweepAfterWindow(_clock.Sweep);
        }

        Follow();
        _clock.Take(_window.Times[0]);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _window.Dispose();
        _fragments.Dispose();
        _life.Dispose();
        _table.Dispose();
        _ended.Dispose();
    }

    private void Follow()
    {
        _window.TakeLast(in _hash);
        _window.Rows[0] = _table.Index.Guess(_window.Hashes[0]);
        long outOfOrder = 0;
        _row = _life.Process(_table.Columns, _window, 0, ref outOfOrder);
        if (_life.Flows[FlowEndReason.LackOfResources] > 0)
        {
            throw new CaptureException(
                $"more than {_options.MaxFlows} flows are live at a time in the second pass; give more with --max-flows.");
        }

        PacketPlace* place = PacketPlace.At(_table.Columns, _row);
        if (place->Place == 1)
        {
            place->Number = _index.Find(in _window.Keys[0], _window.Times[0]);
        }
    }

    /// <summary>Flows come out of the pass before, not of this one.</summary>
    private sealed class Nowhere : IFlowConsumer
    {
        public FlowRecordBlock Exchange(FlowRecordBlock full)
        {
            full.Drop();
            return full;
        }

        public void LeaveOut(FlowHeader* header, int waiting)
        {
        }

        public void EndOfPackets()
        {
        }
    }
}
