using FlowMeter.Engine.Decode;
using FlowMeter.Engine.Memory;
using FlowMeter.Engine.Metering;
using FlowMeter.Engine.Observe;

namespace FlowMeter.Engine.Flow;

/// <summary>
/// Follows the flow rules over packets that have been metered before, without accounting, and so knows which flow of a journal each packet belongs to. One packet at a time, for one thread.
/// </summary>
internal sealed unsafe class FlowFollower : IDisposable
{
    private const int SweptRows = 1;

    private readonly MeteringOptions _options;
    private readonly FlowJournal _journal;
    private readonly FlowHash _hash = new();
    private readonly FragmentTable _fragments;
    private readonly Decoder _decoder;
    private readonly FlowOrientation _orientation;
    private readonly FlowEnding _ending;
    private readonly FlowTable _table;
    private readonly PacketClock _clock;
    private readonly PacketWindow _window = new();
    private readonly NativeColumn<long> _numbers;
    private readonly NativeColumn<long> _packets;
    private long _row;
    private long _cursor;

    /// <summary>Begins with no packets.</summary>
    /// <param name="options">Those of the metering process before.</param>
    /// <param name="journal">Its flows, sorted; stays the caller's.</param>
    public FlowFollower(MeteringOptions options, FlowJournal journal)
    {
        _options = options;
        _journal = journal;
        _fragments = new FragmentTable(_hash);
        _decoder = new Decoder(options.Rules.Decode, options.Tunnels, _fragments);
        _ending = new FlowEnding(options.Rules, options.SweepSlack);
        _clock = new PacketClock(FlowEnding.LongestWait(options.Rules, options.SweepSlack));
        _orientation = new FlowOrientation(options.Rules, options.LocalNets);
        _table = new FlowTable(options.MaximumFlows, _hash);
        _numbers = new NativeColumn<long>(FlowColumns.RowOf(options.MaximumFlows) + 1);
        _packets = new NativeColumn<long>(_numbers.Length);
    }

    /// <summary>Flows that begin here and did not before; 0 unless the packets are other ones.</summary>
    public long Strangers { get; private set; }

    /// <summary>What became of the frame taken last.</summary>
    public FrameFate Fate { get; private set; }

    /// <summary>Whether the packet taken last belongs to a flow; it does not if it was skipped, or the profile leaves it out.</summary>
    public bool HasFlow => _window.Count == 1;

    /// <summary>The key of the packet taken last.</summary>
    public FlowKey Key => _window.Keys[0];

    /// <summary>Whether its source is the higher end.</summary>
    public bool IsFromHigh => _window.FromHigh[0] != 0;

    /// <summary>The type and code of the ICMP message taken last; -1 where it has none, as a later fragment.</summary>
    public int IcmpTypeAndCode => _decoder.IcmpTypeAndCode;

    /// <summary>The time of its flow's first packet.</summary>
    public long FlowStart => _table.Columns.Identity(_row)->First;

    /// <summary>Whether its source is the forward end of its flow.</summary>
    public bool IsForward => (_table.Columns.Identity(_row)->State & FlowState.ForwardIsHigh) != 0 == IsFromHigh;

    /// <summary>The number of its flow in the journal; -1 for none.</summary>
    public long Number => _numbers[_row];

    /// <summary>Which packet of its flow it is, from 1.</summary>
    public long Place => _packets[_row];

    /// <summary>Takes a packet of a batch.</summary>
    public void Take(PacketBatch batch, int index)
    {
        _window.Count = 0;
        FrameCounts counts = _decoder.Counts;
        long metered = counts[FrameFate.Metered];
        (long nonIp, long truncated, long malformed) = (counts[FrameFate.NonIp], counts[FrameFate.Truncated], counts[FrameFate.Malformed]);
        long encrypted = counts[FrameFate.Encrypted];
        _decoder.Add(batch.LinkType, batch.Data[index], batch.CapturedLength[index], batch.WireLength[index], batch.Time[index], _window);
        Fate = counts[FrameFate.Metered] > metered ? FrameFate.Metered
            : counts[FrameFate.NonIp] > nonIp ? FrameFate.NonIp
            : counts[FrameFate.Truncated] > truncated ? FrameFate.Truncated
            : counts[FrameFate.Malformed] > malformed ? FrameFate.Malformed
            : counts[FrameFate.Encrypted] > encrypted ? FrameFate.Encrypted
            : FrameFate.UnsupportedLinkType;
        if (HasFlow)
        {
            Follow();
            _clock.Take(_window.Times[0]);
            Sweep();
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _window.Dispose();
        _fragments.Dispose();
        _table.Dispose();
        _numbers.Dispose();
        _packets.Dispose();
    }

    private void Follow()
    {
        _window.Hash(_hash, _table.Index);
        byte flags = _window.TcpFlags[0];
        byte fromHigh = _window.FromHigh[0];
        _row = _table.Find(_window.Keys, _window.Hashes[0]);
        if (_row < 0)
        {
            if (_table.IsFull)
            {
                throw new CaptureException($"more than {_options.MaximumFlows} flows are live at a time in the second pass; give more with --max-flows.");
            }

            _row = _table.Insert(in _window.Keys[0], _window.Hashes[0]);
            Begin(flags, fromHigh);
        }
        else if (_ending.AtPacket(_table.Columns.Identity(_row), flags, _window.Times[0]) is var reason and not FlowEndReason.None)
        {
            FlowIdentity* identity = _table.Columns.Identity(_row);
            FlowState state = identity->State;
            Begin(flags, fromHigh);
            if (reason == FlowEndReason.ActiveTimeout)
            {
                identity->State = (identity->State & ~FlowState.ForwardIsHigh) | (state & FlowState.ForwardIsHigh);
            }
        }
        else
        {
            FlowIdentity* identity = _table.Columns.Identity(_row);
            long* last = fromHigh == 0 ? &identity->LastLow : &identity->LastHigh;
            *last = Math.Max(*last, _window.Times[0]);
        }

        _packets[_row]++;
        if ((flags & (TcpFlag.Fin | TcpFlag.Rst)) != 0 && _options.Rules.EndsOnClose)
        {
            _ending.Close(_table.Columns.Identity(_row), flags, fromHigh);
        }
    }

    private void Begin(byte flags, byte fromHigh)
    {
        FlowIdentity* identity = _table.Columns.Identity(_row);
        long time = _window.Times[0];
        identity->First = time;
        identity->LastLow = time;
        identity->LastHigh = time;
        identity->State = _orientation.ForwardIsHigh(in _window.Keys[0], fromHigh != 0, flags) ? FlowState.ForwardIsHigh : FlowState.None;
        _numbers[_row] = _journal.Find(in _window.Keys[0], time);
        _packets[_row] = 0;
        Strangers += _numbers[_row] < 0 ? 1 : 0;
    }

    private void Sweep()
    {
        if (_table.Count < _options.SweepFrom)
        {
            return;
        }

        for (int i = 0; i < SweptRows; i++)
        {
            _cursor = _cursor + 1 < _table.Used ? _cursor + 1 : 0;
            long row = FlowColumns.RowOf(_cursor);
            FlowIdentity* flow = _table.Columns.Identity(row);
            if (row != _row && flow->IsLive && _ending.AtSweep(flow, _clock.Sweep) != FlowEndReason.None)
            {
                _table.Remove(row);
            }
        }
    }
}
