using FlowMeter.Engine.Anonymization;
using FlowMeter.Engine.Capture;
using FlowMeter.Engine.Decode;
using FlowMeter.Engine.Flow;
using FlowMeter.Engine.Output;

namespace FlowMeter.Engine.Packets;

/// <summary>
/// The second pass over captures: every frame is read again, follows the same flow rules, and gets the verdict of its whole flow, which the
/// first pass has noted in a index.
/// </summary>
public sealed class SecondPass
{
    private readonly FilteredSource? _filter;
    private readonly VerdictIndex _index;
    private readonly FlowTracker _tracker;
    private readonly PacketTable? _table;
    private readonly CaptureSplit? _split;
    private readonly long _decisionPoint;
    private long _frame;

    private SecondPass(
        FilteredSource? filter, FlowOptions options, VerdictIndex index, FlowTracker tracker, PacketTable? table, CaptureSplit? split)
    {
        _filter = filter;
        _index = index;
        _tracker = tracker;
        _table = table;
        _split = split;
        _decisionPoint = options.DecideAfter ?? 0;
    }

    /// <summary>Labels every frame of a source, and sorts it by verdict.</summary>
    /// <param name="source">The captures that were metered, unfiltered, from their start.</param>
    /// <param name="filter">What the metering process let through; null for everything.</param>
    /// <param name="options">How it metered.</param>
    /// <param name="index">The flows that it noted; no flow may have ended for lack of resources.</param>
    /// <param name="packets">Where a row for each frame goes; null: disabled.</param>
    /// <param name="split">Where the frames go, but for those that the filter keeps out; null: disabled.</param>
    /// <param name="stop">Ends the pass early.</param>
    /// <param name="anonymization">Replaces the addresses that rows tell of; null: they stay.</param>
    /// <returns>
    /// What is wrong with the source, once all before it is written: it should be what the metering process found; null if it was read to
    /// its end.
    /// </returns>
    /// <exception cref="CaptureException">The packets are not those that were metered.</exception>
    /// <exception cref="OutputException">Not everything could be written.</exception>
    public static CaptureException? Run(
        IPacketSource source, FilteredSource? filter, FlowOptions options, VerdictIndex index, RowOutput? packets, CaptureSplit? split,
        CancellationToken stop, AnonymizationKey? anonymization = null)
    {
        index.Sort();
        using FlowTracker tracker = new(options, index);
        using PacketTable? table = packets == null ? null : new PacketTable(packets, anonymization);
        using PacketBatch batch = new() { Records = split == null ? null : new RawRecords() };
        SecondPass pass = new(filter, options, index, tracker, table, split);
        CaptureException? damage = null;
        while (damage == null && !stop.IsCancellationRequested && pass.TryFill(batch, source, out damage))
        {
            pass.Take(batch);
        }

        pass.TakeRest(batch);
        return stop.IsCancellationRequested || index.Unfound == 0 ? damage : throw pass.Changed();
    }

    /// <summary>Fills the batch; false at the end of the source, or at its damage.</summary>
    private bool TryFill(PacketBatch batch, IPacketSource source, out CaptureException? damage)
    {
        damage = null;
        try
        {
            bool isFilled = source.TryFill(batch);
            if (batch.Count > 0)
            {
                _filter?.Prepare(batch);
            }

            return isFilled;
        }
        catch (CaptureException e)
        {
            damage = e;
            return false;
        }
    }

    private void Take(PacketBatch batch)
    {
        for (int i = 0; i < batch.Count; i++)
        {
            _frame++;
            _split?.AddBlocks(batch.Records!.BlocksBefore(i, batch.Count));
            long time = batch.TimeOf(i);
            if (_filter?.Matches(batch, i) == false)
            {
                _table?.WriteOutside(_frame, time, "filter"u8);
                continue;
            }

            _tracker.Process(batch, i);
            Label(time);
            _split?.Add(batch, i, IsBenign(), IsSelected());
        }

        _split?.AddBlocks(batch.Records!.BlocksBefore(batch.Count, batch.Count));
        batch.Records?.Clear();
    }

    /// <summary>
    /// What lies behind the last packet, or behind the last before the damage; packets of a batch that was not handed out are none.
    /// </summary>
    private void TakeRest(PacketBatch batch)
    {
        _split?.AddBlocks(batch.Records!.BlocksBefore(0, 0));
        _split?.Flush();
        _table?.Flush();
    }

    private void Label(long time)
    {
        if (!_tracker.HasFlow)
        {
            // Metered, and yet in no flow: the profile leaves it out.
            _table?.WriteOutside(
                _frame, time, _tracker.Result == DecodeResult.Metered ? "profile"u8 : DecodeResultText.Utf8(_tracker.Result));
            return;
        }

        long number = _tracker.Number;
        if (number < 0)
        {
            throw Changed();
        }

        if (_index.IsLeftOut(number))
        {
            _table?.WriteOutside(_frame, time, "min_packets"u8);
        }
        else
        {
            _table?.Write(_frame, time, _tracker, _index.VerdictOf(number), _index.ScoreOf(number));
        }
    }

    /// <summary>
    /// Whether the packet taken last bypasses the inspection. All others are inspected: packets of no flow, of one that was left out or is
    /// undecided, and those before the verdict.
    /// </summary>
    private bool IsBenign() => _tracker.HasFlow && BypassRule.Bypasses(_tracker.Place, _decisionPoint, _index.VerdictOf(_tracker.Number));

    private bool IsSelected() => _tracker.HasFlow && _index.IsSelected(_tracker.Number);

    private CaptureException Changed() => new(
        $"frame {_frame}: the second pass finds other flows than the first; the files changed meanwhile, or their frames are more than 10 "
            + "s out of order. The table of flows is whole, what tells of packets is not.");
}
