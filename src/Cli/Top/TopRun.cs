using FlowMeter.Cli.Capture;
using FlowMeter.Cli.Options;
using FlowMeter.Cli.Shell;
using FlowMeter.Cli.Telemetry;
using FlowMeter.Cli.Watch;
using FlowMeter.Engine.Capture;
using FlowMeter.Engine.Metering;
using FlowMeter.Engine.Output;
using FlowMeter.Engine.Watch;

namespace FlowMeter.Cli.Top;

/// <summary>
/// One run of <c>flowmeter top</c>: a capture or a file is metered on threads of its own while this one draws and reads keys.
/// </summary>
internal static class TopRun
{
    private const int KeyPatience = 100;
    private const long RedrawPeriod = 1000;

    /// <summary>Shows a run until its viewer leaves. Returns the exit code; throws what <see cref="Program"/> has a line for.</summary>
    public static int Execute(TopChoices choices)
    {
        if (!TopScreen.IsPossible(Environment.GetEnvironmentVariable))
        {
            throw new UsageException(
                "top: is for a terminal, for its keys and its whole screen; write a table with read or capture, or look "
                    + "at the run with --page.");
        }

        return choices.File == null ? Capture(choices) : Read(choices, choices.File);
    }

    private static int Capture(TopChoices choices)
    {
        MeteringPlan plan = Watched(PlanOf(choices, flushesEarly: true));
        plan = plan with
        {
            Options = plan.Options with
            {
                Workers = choices.Interfaces.Count,
                ObservationPoints = choices.Interfaces.Count,
                Mode = MeteringMode.Live,
                Flow = plan.Options.Flow with { SweepFrom = long.MaxValue, SweepSlack = CapturePlan.SweepSlack },
            },
        };
        Terminal.Error.Hold();
        TopMessages messages = new();
        using StopSignal stop = new(terminated: ExitCode.Done, hungUp: ExitCode.Done);
        using CancellationTokenSource end = CancellationTokenSource.CreateLinkedTokenSource(stop.Token);
        CaptureSettings settings = new()
        {
            Interfaces = choices.Interfaces,
            SnapLength = Engine.Features.Profile.SnapLengthOfNames,
        };
        using LiveCapture capture = CaptureRun.Open(settings, messages.Add, end.Token);
        RunSandbox sandbox = RunSandbox.Begin(isWanted: true, [], connections: null);
        FlowWatch watch = new(plan.Profile, plan.Options, plan.Model);
        using MeteringProcess process = new(plan.Profile, plan.Options, plan.Model, (RowOutput?)null, watch);
        CaptureHealth health = new(capture, []);
        using RunWatch run = new(
            $"capturing {string.Join(", ", capture.Interfaces.Distinct())}", watch,
            () => RunSample.Take(process.Totals, capture.Losses, process.Totals.SinkOverruns), () => health.Problems);
        sandbox.Close();
        Show(run, stop, end, messages, () => process.Run(capture, onStart: null));
        return stop.ExitCode ?? ExitCode.Done;
    }

    private static int Read(TopChoices choices, string file)
    {
        Savefile.Check(file);
        MeteringPlan plan = Watched(PlanOf(choices, flushesEarly: true));
        RunSandbox.Enter(isWanted: true, [file]);
        TopMessages messages = new();
        using StopSignal stop = new(terminated: ExitCode.Done, hungUp: ExitCode.Done);
        using CancellationTokenSource end = CancellationTokenSource.CreateLinkedTokenSource(stop.Token);
        using CaptureFiles capture = new([file], path => Savefile.Open(path, messages.Add, new InputProgress(), end.Token));
        capture.Look(isSorted: false);
        FlowWatch watch = new(plan.Profile, plan.Options, plan.Model);
        using MeteringProcess process = new(plan.Profile, plan.Options, plan.Model, (RowOutput?)null, watch);
        using RunWatch run = new($"reading {file}", watch, () => RunSample.Take(process.Totals, losses: null, notWritten: 0));
        Show(run, stop, end, messages, () =>
        {
            process.Run(capture, end.Token);
            run.Finish();
        });
        return stop.ExitCode ?? (capture.Failed.Any() ? ExitCode.Failed : ExitCode.Done);
    }

    /// <summary>Has a run metered, and shows it until the viewer leaves or it fails.</summary>
    private static void Show(RunWatch run, StopSignal stop, CancellationTokenSource end, TopMessages messages, Action meter)
    {
        Task metering = Task.Factory.StartNew(meter, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        using (TopScreen screen = TopScreen.Take())
        {
            // The second signal kills: the terminal is given back at the first one.
            using CancellationTokenRegistration leaving = stop.Token.Register(screen.Dispose);
            Watch(run, screen, messages, () => stop.Token.IsCancellationRequested || metering.IsFaulted);
        }

        end.Cancel();
        messages.Leave();
        metering.GetAwaiter().GetResult();
    }

    private static void Watch(RunWatch run, TopScreen screen, TopMessages messages, Func<bool> isOver)
    {
        TopView view = new(
            Terminal.HasUnicode, hasColours: string.IsNullOrEmpty(Environment.GetEnvironmentVariable("NO_COLOR")));
        TopState state = default;
        (int Columns, int Rows) size = default;
        long drawn = -RedrawPeriod;
        while (!isOver())
        {
            bool isStale = !state.IsPaused && Environment.TickCount64 - drawn >= RedrawPeriod;
            if (isStale || size != TopScreen.Size)
            {
                size = TopScreen.Size;
                drawn = Environment.TickCount64;
                screen.Draw(view.Draw(run, state, messages.Newest, size.Columns, size.Rows));
            }

            foreach (TopKey key in screen.Await(KeyPatience))
            {
                if (key == TopKey.Quit)
                {
                    return;
                }

                state = state.After(key);
                size = default;
            }
        }
    }

    private static MeteringPlan PlanOf(TopChoices choices, bool flushesEarly) => MeteringPlan.From(
        new MeteringChoices
        {
            Profile = null,
            ModelPath = choices.ModelPath,
            DecideAfter = null,
            IdleTimeout = null,
            ActiveTimeout = null,
            MinPackets = null,
            MaxFlows = null,
            MaxHistory = null,
            Label = null,
            CommunityId = false,
            ConnectionState = true,
            Names = true,
            LocalNets = [],
            Decapsulate = false,
            TunnelPorts = [],
            Workers = null,
        },
        workers: 1, flushesEarly);

    private static MeteringPlan Watched(MeteringPlan plan) => plan with { Options = FlowWatch.With(plan.Options) };
}
