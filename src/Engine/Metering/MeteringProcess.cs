using FlowMeter.Engine.Decode;
using FlowMeter.Engine.Export;
using FlowMeter.Engine.Features;
using FlowMeter.Engine.Flow;
using FlowMeter.Engine.Observe;
using FlowMeter.Engine.Output;
using FlowMeter.Engine.Scoring;
using Microsoft.Extensions.ObjectPool;

namespace FlowMeter.Engine.Metering;

/// <summary>
/// The metering process (RFC 7011 §2), the path of a packet in one place: source → decoder → flow table (the workers), → features → scorer → sink (their exporters).
/// </summary>
public sealed class MeteringProcess : IDisposable
{
    private readonly FlowWorker[] _workers;
    private readonly Exporter[] _exporters;
    private readonly ExportLane[] _lanes;
    private readonly EarlyJudge[] _judges;
    private readonly FlowLayout _layout;
    private readonly FragmentTable[] _fragments;
    private readonly bool _isTimely;
    private readonly int _workersOfPoint;

    /// <summary>Sets up workers and exporters; nothing is read yet.</summary>
    /// <param name="profile">The table to make.</param>
    /// <param name="options">What to meter and how.</param>
    /// <param name="model">Judges the flows; null for none. It must be a model of the profile.</param>
    /// <param name="output">Where rows of CSV go, after their header; null for nowhere. Stays the caller's.</param>
    public MeteringProcess(Profile profile, MeteringOptions options, Model? model, RowOutput? output)
        : this(profile, options, model, output, null)
    {
    }

    /// <summary>The same with rows that go elsewhere: one sink for each lane, each used by one thread at a time.</summary>
    internal MeteringProcess(Profile profile, MeteringOptions options, Model? model, RowOutput? output, Func<FeatureBlock, IFlowSink>? sink)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(options.Workers, 1);
        output?.Begin(CsvSink.Header(ExportLane.ColumnsOf(profile, model, options)));

        // One lane for each exporter's thread and one for its worker, which helps out.
        _lanes = [.. Enumerable.Range(0, 2 * options.Workers).Select(_ => new ExportLane(profile, model, output, options, sink))];
        _layout = profile.CreateLayout(options);
        int blocks = Math.Max(1024, options.IsLive ? (Exporter.MostWaitingLive + 2) * options.Workers : 0);
        ObjectPool<FlowRecords> pool = new DefaultObjectPool<FlowRecords>(new FlowRecordsPolicy(_layout), blocks);
        FlowHash hash = new();
        _isTimely = options.IsTimely;
        _fragments = [.. Enumerable.Range(0, options.ObservationPoints).Select(_ => new FragmentTable(hash))];
        _workers = new FlowWorker[options.Workers];
        _judges = model == null || options.DecideAfter == null ? [] : [.. Enumerable.Range(0, options.Workers).Select(_ => new EarlyJudge(profile, model))];
        _exporters = new Exporter[options.Workers];
        _workersOfPoint = Math.DivRem(options.Workers, options.ObservationPoints, out int rest);
        ArgumentOutOfRangeException.ThrowIfNotEqual(rest, 0);
        for (int i = 0; i < options.Workers; i++)
        {
            _exporters[i] = new Exporter(pool, _lanes[2 * i], _lanes[(2 * i) + 1], options.IsTimely, options.IsLive, i, options.Journal)
            {
                Judge = _judges.Length > 0 ? _judges[i] : null,
            };
            _workers[i] = profile.CreateWorker(options, hash, _fragments[i / _workersOfPoint], _exporters[i], pool.Get());
            _workers[i].Router = options.Routing?.CreateRouter();
        }

        Judgements[] judgements = [.. _lanes.Select(lane => lane.Judgements).OfType<Judgements>()];
        Totals = new MeteringTotals(_workers, _exporters, judgements);
    }

    /// <summary>What has been counted so far; may be read from any thread while the process runs.</summary>
    public MeteringTotals Totals { get; }

    /// <summary>Meters a source to its end, or until told to stop; either way every flow is ended and written.</summary>
    /// <exception cref="CaptureException">The source could not be read to its end. All that came before is metered and written.</exception>
    /// <exception cref="OutputException">Not everything could be written.</exception>
    public void Run(IPacketSource source, CancellationToken stop)
    {
        CaptureException? damage = Meter(source, stop);
        foreach (Exporter exporter in _exporters)
        {
            exporter.Complete();
        }

        if (damage != null)
        {
            throw damage;
        }
    }

    /// <summary>
    /// Meters live interfaces until they are told to stop; then what is in their rings, and every flow is ended and written. Each handle has a thread, which is its worker's, too, where it has one only.
    /// </summary>
    /// <param name="capture">The interfaces: as many handles as there are observation points in the options.</param>
    /// <param name="onStart">Called in each worker's thread with its number, at first; null for nothing.</param>
    /// <exception cref="OutputException">Not everything could be written.</exception>
    public void Run(LiveCapture capture, Action<int>? onStart)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(capture.Sources.Count * _workersOfPoint, _workers.Length);
        Task[] points = [.. capture.Sources.Select((source, number) => Task.Factory.StartNew(
            () => Meter(capture, source, number * _workersOfPoint, onStart), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default))];
        Task.WhenAll(points).GetAwaiter().GetResult();
        foreach (Exporter exporter in _exporters)
        {
            exporter.Complete();
        }
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
            worker.Router?.Dispose();
        }

        foreach (EarlyJudge judge in _judges)
        {
            judge.Dispose();
        }

        _layout.Dispose();
        foreach (FragmentTable fragments in _fragments)
        {
            fragments.Dispose();
        }
    }

    /// <summary>Meters a handle with its workers, from number <paramref name="first"/> on. A failure ends the other handles, too.</summary>
    private void Meter(LiveCapture capture, LiveSource source, int first, Action<int>? onStart)
    {
        try
        {
            if (_workersOfPoint > 1)
            {
                // The source ends by itself when it is told to, after what its ring holds.
                using WorkerTeam team = new(_workers[first..(first + _workersOfPoint)], _isTimely, number => onStart?.Invoke(first + number), source.Progress);
                _ = team.Run(source, CancellationToken.None);
                return;
            }

            onStart?.Invoke(first);
            FlowWorker worker = _workers[first];
            while (source.TryFeed(worker))
            {
            }

            worker.Finish(worker.Clock.Now);
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
            using WorkerTeam team = new(_workers, _isTimely);
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
            // Told to stop while waiting for input: as told between two batches.
        }

        _workers[0].Finish(_workers[0].Clock.Now);
        return damage;
    }
}
