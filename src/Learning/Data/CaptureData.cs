using System.Globalization;
using FlowMeter.Engine.Capture;
using FlowMeter.Engine.Decode;
using FlowMeter.Engine.Features;
using FlowMeter.Engine.Metering;
using FlowMeter.Engine.Packets;

namespace FlowMeter.Learning.Data;

/// <summary>
/// Makes a data set of captures. The engine meters them, so a model is trained with the same features that it will score. Captures run in
/// parallel on all cores, one worker each; the rows are in the order of the captures and, within one, of time, for any number of cores.
/// Memory is bounded by <see cref="DataSetBuilder.MaxRows"/> for each capture and for the whole.
/// </summary>
public sealed class CaptureData
{
    private const string Malicious = "malicious";
    private const string Benign = "benign";
    private const string Background = "background";

    private readonly Profile _profile;
    private readonly MeteringOptions _options;
    private readonly FlowLabels? _labels;
    private readonly int? _flowsPerCapture;
    private readonly Action<string> _tell;
    private readonly Dictionary<string, int> _otherLabels = [];
    private int _flows;
    private long _packets;
    private readonly List<(string Capture, int Flows)> _thinned = [];
    private int _unlabelled;
    private int _background;
    private string? _example;

    /// <summary>Sets up the metering.</summary>
    /// <param name="profile">The profile whose features become columns.</param>
    /// <param name="options">What to meter and how; the number of workers is ignored.</param>
    /// <param name="labels">Labels by flow; null where each capture is of one class.</param>
    /// <param name="flowsPerCapture">Most flows to keep of a capture, evenly spread over its time; null to keep all.</param>
    /// <param name="tell">Receives one line for each kind of flow that is left out, and for each damaged capture.</param>
    public CaptureData(Profile profile, MeteringOptions options, FlowLabels? labels, int? flowsPerCapture, Action<string> tell)
    {
        _profile = profile;
        _options = options with { Workers = 1, Flow = options.Flow with { MaxFlows = Math.Min(options.Flow.MaxFlows, 1 << 22) } };
        _labels = labels;
        _flowsPerCapture = flowsPerCapture;
        _tell = tell;
    }

    /// <summary>Names the source of each capture; null: nobody names them.</summary>
    public SourceNames? Sources { get; init; }

    /// <summary>Packets of the captures that are completely metered; may be read from any thread.</summary>
    public long Packets => Volatile.Read(ref _packets);

    /// <summary>Meters captures and collects their labelled flows. A capture that is damaged counts up to the damage.</summary>
    /// <param name="captures">The captures, at least one.</param>
    /// <param name="progress">Counts the bytes that are read.</param>
    /// <param name="stop">Cancels the metering.</param>
    /// <exception cref="CaptureException">A capture can not be opened, the system fails to read it, or it is no capture.</exception>
    /// <exception cref="DataException">There are no flows, they do not fit into memory, or no label fits any of them.</exception>
    /// <exception cref="OperationCanceledException"><paramref name="stop"/> was cancelled.</exception>
    public DataSet Read(IReadOnlyList<LabelledCapture> captures, InputProgress progress, CancellationToken stop)
    {
        Sources?.Check([.. captures.Select(capture => capture.Path)]);
        DataSetBuilder builder = new(_profile.Name, _profile.FeatureNames);
        List<ulong[]> sequences = [];
        int atATime = 2 * Environment.ProcessorCount;
        for (int first = 0; first < captures.Count; first += atATime)
        {
            MeteredCapture[] metered = new MeteredCapture[Math.Min(atATime, captures.Count - first)];
            int next = -1;
            Run(() =>
            {
                for (int i = Interlocked.Increment(ref next); i < metered.Length; i = Interlocked.Increment(ref next))
                {
                    metered[i] = Meter(captures[first + i].Path, progress, stop);
                }
            });
            stop.ThrowIfCancellationRequested();
            for (int i = 0; i < metered.Length; i++)
            {
                if (metered[i].Damage is { } problem)
                {
                    _tell($"warning: {problem}");
                }

                sequences.Add(Add(builder, captures[first + i], metered[i].Flows));
            }
        }

        Report(captures);
        return Join(builder.Build(), captures, sequences);
    }

    /// <summary>Makes one group of captures that share flows, and one source of sources that share groups.</summary>
    private DataSet Join(DataSet data, IReadOnlyList<LabelledCapture> captures, IReadOnlyList<ulong[]> sequences)
    {
        int[] groups = CaptureGroups.Join([.. captures.Select(capture => capture.Path)], sequences);
        Dictionary<string, int> groupOf = [];
        foreach ((int i, LabelledCapture capture) in captures.Index())
        {
            groupOf[capture.Path] = groups[i];
        }

        DataSet joined = data with { Group = Array.ConvertAll(data.Capture, capture => groupOf[data.Captures[capture]]) };
        if (data.Captures.Count > 1)
        {
            int count = joined.Group.Distinct().Count();
            _tell($"{data.Captures.Count} captures, {count} group{(count == 1 ? "" : "s")}: "
                + (count == data.Captures.Count ? "no two share a flow" : "captures that share a flow are one"));
        }

        return joined.WithJoinedSources(_tell);
    }

    /// <summary>Runs the same work on all cores and throws the first failure itself, not an <see cref="AggregateException"/>.</summary>
    private static void Run(Action work)
    {
        try
        {
            Parallel.For(0, Environment.ProcessorCount, _ => work());
        }
        catch (AggregateException e)
        {
            System.Runtime.ExceptionServices.ExceptionDispatchInfo.Throw(e.InnerExceptions[0]);
        }
    }

    private MeteredCapture Meter(string path, InputProgress progress, CancellationToken stop)
    {
        MeteredFlows flows = new(DataSetBuilder.MaxRows(_profile.FeatureNames.Count));
        string? damage = null;
        using CaptureFiles source = new([path], file => Savefile.Open(file, _ => { }, progress, stop));
        using MeteringProcess process = new(_profile, _options, null, block => new FeatureSink(block, flows));
        using SizeSequences sequences = new(source, _options.Flow);
        process.Run(sequences, stop);

        // What came before the damage is metered and good to train with. What a disk did not give may be good and is there, so nothing is
        // made without it.
        if (source.Failed.FirstOrDefault()?.Failure is { } failure)
        {
            damage = failure.Fault is CaptureFault.Refused or CaptureFault.Unreadable ? throw failure : failure.Message;
        }

        Interlocked.Add(ref _packets, process.Totals.Frames.Frames);
        return flows.IsOverfull ? throw DataSetBuilder.TooLarge(path, _profile.FeatureNames.Count)
            : new MeteredCapture(WithSequences(flows.Sorted(), sequences), damage);
    }

    /// <summary>Tells each flow its sequence, found by its key and its first packet.</summary>
    private static List<MeteredFlow> WithSequences(List<MeteredFlow> flows, SizeSequences sequences)
    {
        Dictionary<(ulong, ulong, ulong, ulong, ulong, long), ulong> hashes = [];
        foreach ((FlowKey key, long start, ulong hash) in sequences.Finish())
        {
            hashes[Words(key, start)] = hash;
        }

        foreach (MeteredFlow flow in flows)
        {
            flow.Sequence = hashes.TryGetValue(Words(flow.Key, flow.Start), out ulong hash) ? hash : null;
        }

        return flows;

        static (ulong, ulong, ulong, ulong, ulong, long) Words(in FlowKey key, long start) =>
            (key.AUpper, key.ALower, key.BUpper, key.BLower, key.Tail, start);
    }

    /// <summary>Adds the labelled flows of a capture and returns the sequences of all of them, those that are thinned out, too.</summary>
    private ulong[] Add(DataSetBuilder builder, LabelledCapture capture, List<MeteredFlow> flows)
    {
        var labels = capture.Positive == null ? _labels?.ForCapture(capture.Path) : null;
        List<(MeteredFlow Flow, bool Positive)> kept = [];
        foreach (MeteredFlow flow in flows)
        {
            _flows++;
            string? label = capture.Positive is bool all ? all ? Malicious : Benign : FlowLabels.Find(labels, flow);
            switch (label)
            {
                case Malicious or Benign or Background:
                    _background += label == Background ? 1 : 0;
                    kept.Add((flow, label == Malicious));
                    break;
                case null:
                    _unlabelled++;
                    _example ??= $"{capture.Path}: {FlowLabels.Describe(flow)}";
                    break;
                default:
                    _otherLabels[label] = _otherLabels.GetValueOrDefault(label) + 1;
                    break;
            }
        }

        string? source = Sources?.Find(capture.Path);
        builder.ObserveBenign(kept.Count(each => !each.Positive), flows.Count == 0 ? 0 : flows[^1].Start - flows[0].Start);
        int most = Math.Min(_flowsPerCapture ?? int.MaxValue, kept.Count);
        if (most < kept.Count)
        {
            _thinned.Add((capture.Path, kept.Count));
        }

        for (int i = 0; i < most; i++)
        {
            (MeteredFlow flow, bool positive) = kept[(int)((long)i * kept.Count / most)];
            builder.Add(flow.Features, positive, capture.Path, flow.Start, flow.Volume, source);
        }

        return [.. kept.Select(each => each.Flow.Sequence).OfType<ulong>().Distinct()];
    }

    private void Report(IReadOnlyList<LabelledCapture> captures)
    {
        if (_flows == 0)
        {
            throw new DataException($"{captures[0].Path}{(captures.Count > 1 ? " and the others" : "")}: no flows of "
                + $"{_options.Flow.MinPackets} packets or more; lower --min-packets or give other captures.");
        }

        if (_labels != null && _unlabelled == _flows)
        {
            throw new DataException($"{_labels.Path}: no label fits any flow: it says \"{_labels.Example}\", the first flow is "
                + $"\"{_example}\"; compare file names, addresses and times.");
        }

        if (_thinned.Count > 0)
        {
            (string largest, int flows) = _thinned.MaxBy(capture => capture.Flows);
            _tell(string.Create(
                CultureInfo.InvariantCulture,
                $"{_flowsPerCapture:#,0} flows of a capture are kept, evenly thinned, so that none outweighs all others: {_thinned.Count} "
                    + $"of {captures.Count} captures had more, {flows:#,0} in {largest}; --flows-per-capture off keeps all"));
        }

        if (_unlabelled > 0)
        {
            _tell($"{_unlabelled} of {_flows} flows have no label, left out");
        }

        if (_background > 0)
        {
            _tell($"{_background} flows are labelled {Background}: not the attack in a capture of one; taken as benign");
        }

        foreach ((string label, int count) in _otherLabels.OrderBy(pair => pair.Key, StringComparer.Ordinal))
        {
            _tell($"{count} flows are labelled {label}, neither benign nor malicious, left out");
        }
    }
}
