using FlowMeter.Engine.Capture;
using FlowMeter.Engine.Decode;
using FlowMeter.Engine.Flow;
using FlowMeter.Engine.Metering;
using FlowMeter.Engine.Output;
using static FlowMeter.Tests.Simulation.SimulatedClock;

namespace FlowMeter.Tests.Simulation;

/// <summary>
/// One capture from its start to its end in one thread: the handles, workers, exporters and output of the product, on a wire, a clock and a
/// disk that are simulated. Each takes steps, in an order and at times that the seed decides.
/// </summary>
internal sealed partial class Simulation : IDisposable
{
    /// <summary>As a live capture has it (CapturePlan).</summary>
    public const long SweepSlack = Second / 2;

    private const long LongestEnding = 30 * Second;

    private readonly Random _random;
    private readonly CancellationTokenSource _stop = new();
    private readonly List<string> _told = [];
    private readonly List<(Func<bool> Step, bool IsDone)> _workers = [];
    private readonly List<IDisposable> _owned = [];
    private readonly long _began;
    private int _nextFrame;
    private int _nextEvent;
    private long _workersStallUntil;
    private long _outputStallsUntil;

    /// <summary>Sets a capture up.</summary>
    /// <param name="seed">What order and times come from.</param>
    /// <param name="plan">What is to happen; null for what the seed says.</param>
    public Simulation(int seed, SimulationPlan? plan = null)
    {
        _random = new Random(seed);
        Plan = plan ?? SimulationPlan.Of(seed, _random);
        Wire = new SimulatedWire(Plan, Clock, _random);
        Disk = new SimulatedDisk(_random);
        Output = OpenOutput();
        _began = Clock.Now;
        Capture = new LiveCapture(
            new CaptureSettings
            {
                Interfaces = [.. Enumerable.Range(0, Plan.Interfaces).Select(SimulatedWire.NameOf)],
                SnapLength = Plan.SnapLength,
                HandlesPerInterface = Plan.Handles,
                WorkersPerHandle = Plan.WorkersPerHandle,
                MaxFrames = Plan.MaxFrames,
            },
            Wire,
            Clock,
            _told.Add,
            _stop.Token);
        Wire.Losses = Capture.Losses;
        Process = new MeteringProcess(
            Plan.Profile,
            new MeteringOptions
            {
                Flow = new FlowOptions
                {
                    Rules = Plan.Rules,
                    Tunnels = Plan.Decapsulates ? TunnelPorts.Default : null,
                    MinPackets = Plan.MinPackets,
                    MaxFlows = Plan.MaxFlows,
                    MaxHistory = 1 << 22,
                    SweepFrom = long.MaxValue,
                    SweepSlack = SweepSlack,
                },
                Mode = MeteringMode.Live,
                Workers = Plan.Workers,
                ObservationPoints = Plan.Points,
                IsStepped = true,
                MaxWaitingBlocks = Plan.MaxWaitingBlocks,
                HashSeed = seed,
            },
            null,
            Output);
        for (int point = 0; point < Plan.Points; point++)
        {
            AddWorkers(Capture.Sources[point], point * Plan.WorkersPerHandle);
        }
    }

    public SimulationPlan Plan { get; }

    public SimulatedClock Clock { get; } = new();

    public SimulatedWire Wire { get; }

    public SimulatedDisk Disk { get; }

    public LiveCapture Capture { get; }

    public MeteringProcess Process { get; }

    public ResilientOutput Output { get; }

    /// <summary>What the capture said.</summary>
    public IReadOnlyList<string> Told => _told;

    /// <summary>Blocks that waited at the same time, at most.</summary>
    public long MostWaiting { get; private set; }

    /// <summary>The wall clock when it was told to stop.</summary>
    public long StoppedAt { get; private set; } = long.MaxValue;

    /// <summary>The monotonic clock when a clock was set, a worker got its time again, or something else kept flows waiting.</summary>
    public long LastDisturbance { get; private set; }

    /// <summary>The monotonic clock when it was told to stop.</summary>
    public long StoppedNow { get; private set; }

    /// <summary>How often the wall clock was set, forward and back.</summary>
    public (int Forward, int Back) ClockSteps { get; private set; }

    /// <summary>Rows that the output had written when it was killed.</summary>
    public long RowsWhenKilled { get; private set; }

    /// <summary>Whether a disk failed at any time.</summary>
    public bool DiskHasFailed { get; private set; }

    /// <summary>Whether a file was taken away.</summary>
    public bool FileWasTaken { get; private set; }

    /// <summary>Runs to the end. Returns what is wrong; null for nothing.</summary>
    public string? Run()
    {
        while (_workers.Any(worker => !worker.IsDone))
        {
            GoOn();
            if (Plan.IsKilled && StoppedAt != long.MaxValue)
            {
                Kill();
                return SimulationChecks.FirstViolation(this);
            }

            if (StoppedAt != long.MaxValue && Clock.Now - StoppedNow > LongestEnding)
            {
                return "it does not end";
            }
        }

        if (_random.Next(2) == 0)
        {
            // Otherwise a disk that fails goes on failing: what can be had is still had.
            Disk.Fault = DiskFault.None;
        }

        Process.Complete();
        Clock.Now += 2 * Second;
        Output.Complete();
        return SimulationChecks.FirstViolation(this);
    }

    public void Dispose()
    {
        _owned.ForEach(owned => owned.Dispose());
        Process.Dispose();
        Output.Dispose();
        Capture.Dispose();
        _stop.Dispose();
    }

    private ResilientOutput OpenOutput() => new(
        Plan.Name,
        new RotatingFileTarget(Disk, new FileNamePattern(Plan.Name), Plan.Rotation, RowFraming.Lines, Clock, _told.Add),
        RowFraming.Lines,
        Clock,
        _told.Add);

    private void AddWorkers(LiveSource source, int first)
    {
        if (Plan.WorkersPerHandle == 1)
        {
            LiveFeed feed = new(source, Process.Workers[first]);
            _owned.Add(feed);
            _workers.Add((feed.TryFeed, false));
            return;
        }

        WorkerTeam team = new(
            [.. Process.Workers.Skip(first).Take(Plan.WorkersPerHandle)], Plan.WorkersPerHandle, flushesEarly: true, onStart: null,
            source.Progress);
        team.Begin(source, CancellationToken.None);
        _owned.Add(team);
        for (int number = 0; number < Plan.WorkersPerHandle; number++)
        {
            int member = number;
            _workers.Add((() => team.TryStep(member), false));
        }
    }
}
