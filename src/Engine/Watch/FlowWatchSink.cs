using FlowMeter.Engine.Export;
using FlowMeter.Engine.Features;
using FlowMeter.Engine.Flow;
using FlowMeter.Engine.Hosts;
using FlowMeter.Engine.Memory;
using FlowMeter.Engine.Scoring;

namespace FlowMeter.Engine.Watch;

/// <summary>Tells who watches of every flow on its way to another sink, which becomes its own.</summary>
internal sealed unsafe class FlowWatchSink : IFlowSink
{
    private readonly IFlowSink _sink;
    private readonly TalkerTable _talkers;
    private readonly FlowRing? _flows;
    private readonly long _minPackets;
    private readonly JsonRow _row;
    private readonly FlowText _text;
    private readonly NativeColumn<byte> _rowBytes;
    private readonly NativeColumn<byte> _textBytes;
    private readonly TalkerFlow[] _volumes = new TalkerFlow[FlowRecordBlock.Capacity];

    /// <summary>Makes a sink.</summary>
    /// <param name="sink">The sink that is observed.</param>
    /// <param name="features">The block that the features of every flow come from.</param>
    /// <param name="schema">What is kept of a flow.</param>
    /// <param name="talkers">Is told of all flows.</param>
    /// <param name="flows">Is told of suspicious ones; null: none is.</param>
    /// <param name="minPackets">An undecided flow of fewer packets has no score that counts.</param>
    public FlowWatchSink(
        IFlowSink sink, FeatureBlock features, TableSchema schema, TalkerTable talkers, FlowRing? flows, int minPackets)
    {
        _sink = sink;
        _talkers = talkers;
        _flows = flows;
        _minPackets = minPackets;
        _row = new JsonRow(schema, features, hasElasticNames: false);
        _text = new FlowText(schema);
        _rowBytes = new NativeColumn<byte>(_row.MaxLength);
        _textBytes = new NativeColumn<byte>(_text.MaxLength);
    }

    /// <inheritdoc/>
    public void Write(FlowRecordBlock records, BlockScorer? scores)
    {
        _sink.Write(records, scores);
        for (int i = 0; i < records.Count; i++)
        {
            (ulong packets, ulong bytes) = records.WholeVolume(i);
            Verdict? verdict = scores?.VerdictOf(i);
            TalkKey key = EndedFlow.Of(records.Header(i), (long)packets, content: null).Key;
            _volumes[i] = new TalkerFlow(key, (long)packets, (long)bytes, verdict == Verdict.Malicious);
            bool isSuspicious = verdict == Verdict.Malicious || (verdict == Verdict.Undecided && (long)packets >= _minPackets);
            if (isSuspicious && _flows!.TryReserve())
            {
                Keep(records, scores!, i, in key);
            }
        }

        _talkers.Add(_volumes.AsSpan(0, records.Count));
    }

    /// <inheritdoc/>
    public void LeaveOut(FlowHeader* header, long block, int waiting) => _sink.LeaveOut(header, block, waiting);

    /// <inheritdoc/>
    public void Flush() => _sink.Flush();

    /// <inheritdoc/>
    public void Dispose()
    {
        _sink.Dispose();
        _row.Dispose();
        _rowBytes.Dispose();
        _textBytes.Dispose();
    }

    private void Keep(FlowRecordBlock records, BlockScorer scores, int i, in TalkKey key)
    {
        FlowHeader* header = records.Header(i);
        FlowNumbers numbers = new(
            header->First, header->Last, _volumes[i].Packets, _volumes[i].Bytes, scores.Probability(i), scores.VerdictOf(i));
        byte* text = _text.Write(_textBytes.First, records, scores, i);
        byte* row = _row.Write(_rowBytes.First, records, scores, i);
        _flows!.Add(
            in key, in numbers, new ReadOnlySpan<byte>(_textBytes.First, (int)(text - _textBytes.First)),
            new ReadOnlySpan<byte>(_rowBytes.First, (int)(row - _rowBytes.First)));
    }
}
