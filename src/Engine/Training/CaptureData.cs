using System.Globalization;
using FlowMeter.Engine.Features;
using FlowMeter.Engine.Metering;
using FlowMeter.Engine.Observe;

namespace FlowMeter.Engine.Training;

/// <summary>A capture to learn from or to judge by.</summary>
/// <param name="Path">The file.</param>
/// <param name="Positive">What all its flows are; null where labels say it flow by flow.</param>
public sealed record LabelledCapture(string Path, bool? Positive);

/// <summary>
/// Makes a data set of captures, metered by the engine itself: what a model learns from are the very features it will be scored with. Captures run side by side on all cores, each with one
/// worker; the rows are the same for any number of cores.
/// </summary>
public sealed class CaptureData
{
    private const string Malicious = "malicious";
    private const string Benign = "benign";

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
    private string? _example;

    /// <summary>Sets up the metering.</summary>
    /// <param name="profile">Whose features to take.</param>
    /// <param name="options">What to meter and how.</param>
    /// <param name="labels">Labels by flow; null where each capture is of one class.</param>
    /// <param name="flowsPerCapture">Flows that are kept of a capture at most, evenly thinned; null for all.</param>
    /// <param name="tell">Told what is left out.</param>
    public CaptureData(Profile profile, MeteringOptions options, FlowLabels? labels, int? flowsPerCapture, Action<string> tell)
    {
        _profile = profile;
        _options = options with { Workers = 1, Flow = options.Flow with { MaximumFlows = Math.Min(options.Flow.MaximumFlows, 1 << 22) } };
        _labels = labels;
        _flowsPerCapture = flowsPerCapture;
        _tell = tell;
    }

    /// <summary>Packets of the captures that are metered so far; any thread may ask.</summary>
    public long Packets => Volatile.Read(ref _packets);

    /// <summary>Meters captures and gathers their labelled flows.</summary>
    /// <param name="captures">The captures.</param>
    /// <param name="progress">Told of the bytes that are read.</param>
    /// <param name="stop">Ends the metering.</param>
    /// <exception cref="CaptureException">A capture can not be opened.</exception>
    /// <exception cref="DataException">The flows do not fit into memory, or no label fits any of them.</exception>
    /// <exception cref="OperationCanceledException">Told to stop.</exception>
    public DataSet Read(IReadOnlyList<LabelledCapture> captures, InputProgress progress, CancellationToken stop)
    {
        DataSetBuilder builder = new(_profile.Name, _profile.FeatureNames);
        int atATime = 2 * Environment.ProcessorCount;
        for (int first = 0; first < captures.Count; first += atATime)
        {
            List<MeteredFlow>[] metered = new List<MeteredFlow>[Math.Min(atATime, captures.Count - first)];
            string?[] damage = new string?[metered.Length];
            int next = -1;
            Run(() =>
            {
                for (int i = Interlocked.Increment(ref next); i < metered.Length; i = Interlocked.Increment(ref next))
                {
                    (metered[i], damage[i]) = Meter(captures[first + i].Path, progress, stop);
                }
            });
            stop.ThrowIfCancellationRequested();
            for (int i = 0; i < metered.Length; i++)
            {
                if (damage[i] is { } problem)
                {
                    _tell($"warning: {problem}");
                }

                Add(builder, captures[first + i], metered[i]);
            }
        }

        Report(captures);
        return builder.Build();
    }

    /// <summary>Runs the same on all cores and hands on the first failure as itself.</summary>
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

    private (List<MeteredFlow> Flows, string? Damage) Meter(string path, InputProgress progress, CancellationToken stop)
    {
        MeteredFlows flows = new(DataSetBuilder.MostRows(_profile.FeatureNames.Count));
        string? damage = null;
        using CaptureFiles source = new([path], file => Savefile.Open(file, _ => { }, progress, stop));
        using MeteringProcess process = new(_profile, _options, null, block => new FeatureSink(block, flows));
        process.Run(source, stop);

        // What came before the damage is metered; a torn capture still teaches.
        if (source.Failed.FirstOrDefault()?.Failure is { } failure)
        {
            damage = failure.Fault == CaptureFault.Refused ? throw failure : failure.Message;
        }

        Interlocked.Add(ref _packets, process.Totals.Frames.Frames);
        return flows.IsOverfull ? throw DataSetBuilder.TooLarge(path, _profile.FeatureNames.Count) : (flows.Sorted(), damage);
    }

    private void Add(DataSetBuilder builder, LabelledCapture capture, List<MeteredFlow> flows)
    {
        var labels = capture.Positive == null ? _labels?.Of(capture.Path) : null;
        List<(MeteredFlow Flow, bool Positive)> kept = [];
        foreach (MeteredFlow flow in flows)
        {
            _flows++;
            string? label = capture.Positive is bool all ? all ? Malicious : Benign : FlowLabels.Find(labels, flow);
            switch (label)
            {
                case Malicious or Benign:
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

        int most = Math.Min(_flowsPerCapture ?? int.MaxValue, kept.Count);
        if (most < kept.Count)
        {
            _thinned.Add((capture.Path, kept.Count));
        }

        for (int i = 0; i < most; i++)
        {
            (MeteredFlow flow, bool positive) = kept[(int)((long)i * kept.Count / most)];
            builder.Add(flow.Features, positive, capture.Path, flow.Start, flow.Volume);
        }
    }

    private void Report(IReadOnlyList<LabelledCapture> captures)
    {
        if (_flows == 0)
        {
            throw new DataException($"{captures[0].Path}{(captures.Count > 1 ? " and the others" : "")}: no flows of {_options.Flow.LeastPackets} packets or more; lower --min-packets or give other captures.");
        }

        if (_labels != null && _unlabelled == _flows)
        {
            throw new DataException($"{_labels.Path}: no label fits any flow: it says \"{_labels.Example}\", the first flow is \"{_example}\"; compare file names, addresses and times.");
        }

        if (_thinned.Count > 0)
        {
            (string largest, int flows) = _thinned.MaxBy(capture => capture.Flows);
            _tell(string.Create(
                CultureInfo.InvariantCulture,
                $"{_flowsPerCapture:#,0} flows of a capture are kept, evenly thinned, so that none outweighs all others: {_thinned.Count} of {captures.Count} captures had more, {flows:#,0} in {largest}; --flows-per-capture off keeps all"));
        }

        if (_unlabelled > 0)
        {
            _tell($"{_unlabelled} of {_flows} flows have no label, left out");
        }

        foreach ((string label, int count) in _otherLabels.OrderBy(pair => pair.Key, StringComparer.Ordinal))
        {
            _tell($"{count} flows are labelled {label}, neither benign nor malicious, left out");
        }
    }
}
