using FlowMeter.Engine.Capture;
using FlowMeter.Engine.Decode;
using FlowMeter.Engine.Export;
using FlowMeter.Engine.Features;
using FlowMeter.Engine.Flow;
using FlowMeter.Engine.Output;
using FlowMeter.Engine.Scoring;
using Microsoft.Extensions.ObjectPool;

namespace FlowMeter.Engine.Metering;

/// <summary>
/// The metering process (RFC 7011 §2), the path of a packet in one place: source → decoder → flow table (the workers), → features → scorer
/// → sink (their exporters).
/// </summary>
public sealed class MeteringProcess : IDisposable
{
    private readonly FlowWorker[] _workers;
    private readonly Exporter[] _exporters;
    private readonly FlowLayout _layout;
    private readonly FlowRecordBlockPolicy _blocks;
    private readonly FragmentTable[] _fragments;
    private readonly bool _flushesEarly;
    private readonly int _accountants;
    private readonly int _workersOfPoint;

    /// <summary>Sets up workers and exporters; nothing is read yet.</summary>
    /// <param name="profile">The table to make.</param>
    /// <param name="options">What to meter and how.</param>
    /// <param name="model">Scores the flows; null: disabled. It must be a model of the profile.</param>
    /// <param name="output">Where rows go, after their header; null: disabled. Stays the caller's.</param>
    /// <param name="observer">Sees every flow on its way out; null: disabled. Stays the caller's.</param>
    /// <param name="frames">
    /// Where the frames of a live capture go; null: disabled. Takes a decision point, a model, and a handle for each worker. Stays the
    /// caller's.
    /// </param>
    public MeteringProcess(
        Profile profile, MeteringOptions options, Model? model, RowOutput? output, IFlowObserver? observer = null,
        IFrameRouting? frames = null)
        : this(profile, options, model, CreateSink(profile, options, model, output), observer, frames)
    {
    }

    /// <summary>The same with rows that go elsewhere.</summary>
    /// <param name="profile">The table to make.</param>
    /// <param name="options">What to meter and how.</param>
    /// <param name="model">Scores the flows; null: disabled.</param>
    /// <param name="sink">
    /// Makes a sink of rows with the features of a block; it is for one thread at a time, and becomes the process's.
    /// </param>
    /// <param name="observer">Sees every flow on its way out; null: disabled.</param>
    /// <param name="frames">Where the frames of a live capture go; null: disabled.</param>
    internal MeteringProcess(
        Profile profile, MeteringOptions options, Model? model, Func<FeatureBlock, IFlowSink> sink, IFlowObserver? observer = null,
        IFrameRouting? frames = null)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(options.Workers, 1);
        _workersOfPoint = Math.DivRem(options.Workers, options.ObservationPoints, out int rest);
        ArgumentOutOfRangeException.ThrowIfNotEqual(rest, 0);
        _flushesEarly = options.Mode != MeteringMode.Files;
        bool isLive = options.Mode == MeteringMode.Live;
        _accountants = (profile.LooksBack || options.Export.HasNames) && !isLive ? 1 : options.Workers;
        FlowOptions flow = options.Flow with { MaxFlows = Math.Max(options.Flow.MaxFlows / _accountants, 1) };
        bool decidesEarly = flow.DecideAfter != null;
        Scorer? scorer = model == null ? null : new Scorer(model, profile.FeatureNames);
        Explainer? explainer = RunSchema.ExplainerOf(profile, options, model);
        DriftGroups? drift = model == null ? null : DriftGroups.From(model, profile.FeatureNames);
        List<DriftCounter> drifts = [];
        _layout = profile.CreateLayout(
            flow, isLive && options.Workers > 1, isJudged: model != null, options.Export.HasConnectionState, options.Export.HasNames) with
        {
            Explained = decidesEarly ? explainer?.Most ?? 0 : 0,
        };
        FlowObservers observers = observer as FlowObservers ?? new FlowObservers(observer);
        int blocks = Math.Max(1024, isLive ? (options.MaxWaitingBlocks + 2) * options.Workers : 0);
        _blocks = new FlowRecordBlockPolicy(_layout);
        ObjectPool<FlowRecordBlock> pool = new DefaultObjectPool<FlowRecordBlock>(_blocks, blocks);
        FlowHash hash = options.HashSeed is { } seed ? new(seed) : new();
        _fragments = [.. Enumerable.Range(0, options.ObservationPoints).Select(_ => new FragmentTable(hash))];
        _workers = new FlowWorker[options.Workers];
        _exporters = new Exporter[options.Workers];
        List<ExportPipeline> pipelines = [];
        for (int i = 0; i < options.Workers; i++)
        {
            // One for the exporter's thread and one for its worker, which helps out.
            ExportPipeline pipeline = CreatePipeline();
            ExportPipeline workersPipeline = CreatePipeline();
            pipelines.AddRange([pipeline, workersPipeline]);
            FlushPace? pace = _flushesEarly ? new FlushPace(options.Export.Encoding.Format.Patience, options.Clock) : null;
            _exporters[i] = new Exporter(pool, pipeline, workersPipeline, pace, isLive, options.MaxWaitingBlocks, i)
            {
                KeepsOrder = options.KeepsOrder,
            };
            _workers[i] = profile.CreateWorker(new FlowWorkerParts
            {
                Options = i < _accountants ? flow : flow with { MaxFlows = 1 },
                Hash = hash,
                Fragments = _fragments[i / _workersOfPoint],
                Consumer = _exporters[i],
                FirstBlock = pool.Get(),
                EarlyScorer = model == null || !decidesEarly ? null : new EarlyScorer(profile, model, explainer, CreateDrift()),
                Frames = frames?.CreateRetention(),
            });
        }

        // Here and not by whoever runs: the threads of a capture have rights that these need not have.
        if (!options.IsStepped)
        {
            Array.ForEach(_exporters, exporter => exporter.Start());
        }

        Totals = new MeteringTotals(_workers, _exporters, [.. pipelines.Select(pipeline => pipeline.Scores).OfType<BlockScorer>()], drifts);

        ExportPipeline CreatePipeline() => new(
            profile, scorer == null ? null : new BlockScorer(model!, scorer, decidesEarly, explainer, CreateDrift()),
            features => observers.Around(sink(features), features, options.Export.Anonymization));

        DriftCounter? CreateDrift()
        {
            if (drift == null)
            {
                return null;
            }

            drifts.Add(new DriftCounter(drift));
            return drifts[^1];
        }
    }

    /// <summary>What has been counted so far; may be read from any thread while the process runs.</summary>
    public MeteringTotals Totals { get; }

    /// <summary>The workers, for who has them take steps instead of giving them threads.</summary>
    internal IReadOnlyList<FlowWorker> Workers => _workers;

    /// <summary>The exporter of each worker.</summary>
    internal IReadOnlyList<Exporter> Exporters => _exporters;

    /// <summary>Blocks of ended flows that were made so far.</summary>
    internal int BlocksMade => _blocks.Made;

    /// <summary>Meters a source to its end, or until told to stop; either way every flow is ended and written.</summary>
    /// <exception cref="CaptureException">The source could not be read to its end. All that came before is metered and written.</exception>
    /// <exception cref="OutputException">Not everything could be written.</exception>
    public void Run(IPacketSource source, CancellationToken stop)
    {
        CaptureException? damage = Meter(source, stop);
        Complete();
        if (damage != null)
        {
            throw damage;
        }
    }

    /// <summary>
    /// Meters live interfaces until they are told to stop; then what is in their rings, and every flow is ended and written. Each handle
    /// has a thread, which is its worker's, too, where it has one only.
    /// </summary>
    /// <param name="capture">The interfaces: as many handles as there are observation points in the options.</param>
    /// <param name="onStart">Called in each worker's thread with its number, at first; null for nothing.</param>
    /// <exception cref="OutputException">Not everything could be written.</exception>
    public void Run(LiveCapture capture, Action<int>? onStart)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(capture.Sources.Count * _workersOfPoint, _workers.Length);
        List<Task> points = [];
        try
        {
            foreach (LiveSource source in capture.Sources)
            {
                int first = points.Count * _workersOfPoint;
                points.Add(Task.Factory.StartNew(
                    () => Meter(capture, source, first, onStart), CancellationToken.None, TaskCreationOptions.LongRunning,
                    TaskScheduler.Default));
            }
        }
        catch
        {
            // The system has no room for another thread.
            capture.Stop();
            throw;
        }
        finally
        {
            // What they work on goes away with this process.
            Task.WhenAll(points).GetAwaiter().GetResult();
        }

        Complete();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (Exporter exporter in _exporters)
        {
            exporter.Dispose();
        }

        foreach (FlowWorker worker in _workers)
        {
            worker.Dispose();
        }

        _layout.Dispose();
        foreach (FragmentTable fragments in _fragments)
        {
            fragments.Dispose();
        }
    }

    /// <summary>Waits until everything is written.</summary>
    /// <exception cref="OutputException">It could not be.</exception>
    internal void Complete()
    {
        foreach (Exporter exporter in _exporters)
        {
            exporter.Complete();
        }
    }

    private static Func<FeatureBlock, IFlowSink> CreateSink(Profile profile, MeteringOptions options, Model? model, RowOutput? output)
    {
        if (output == null)
        {
            return _ => new NullSink();
        }

        TableEncoding encoding = options.Export.Encoding;
        TableSchema schema = RunSchema.Of(profile, options, model);
        encoding.Before(output).Begin(encoding.Format.HeaderOf(schema));
        return features => encoding.Format.CreateSink(encoding.Before(output), schema, features, options.Export);
    }

    /// <summary>Meters a handle with its workers, from number <paramref name="first"/> on. A failure ends the other handles, too.</summary>
    private void Meter(LiveCapture capture, LiveSource source, int first, Action<int>? onStart)
    {
        try
        {
            if (_workersOfPoint > 1)
            {
                // The source ends by itself when it is told to, after what its ring holds.
                using WorkerTeam team = new(
                    _workers[first..(first + _workersOfPoint)], _workersOfPoint, _flushesEarly, number => onStart?.Invoke(first + number),
                    source.Progress);
                _ = team.Run(source, CancellationToken.None);
                return;
            }

            onStart?.Invoke(first);
            FlowWorker worker = _workers[first];
            using LiveFeed feed = new(source, worker);
            while (feed.TryFeed())
            {
            }
        }
        catch
        {
            capture.Stop();
            throw;
        }
    }

    /// <summary>Meters and ends all flows. Returns what is wrong with the source, once everything before it has been metered.</summary>
    private CaptureException? Meter(IPacketSource source, CancellationToken stop)
    {
        if (_workers.Length > 1)
        {
            using WorkerTeam team = new(_workers, _accountants, _flushesEarly);
            return team.Run(source, stop);
        }

        CaptureException? damage = null;
        using PacketBatch batch = new();
        try
        {
            while (!stop.IsCancellationRequested && source.TryFill(batch))
            {
                _workers[0].Process(batch);
            }
        }
        catch (CaptureException e)
        {
            damage = e;
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            // Stopped while waiting for input: the same as between two batches.
        }

        _workers[0].Finish(_workers[0].Clock.Now);
        return damage;
    }
}
