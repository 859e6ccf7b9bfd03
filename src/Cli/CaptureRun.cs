using System.Diagnostics;
using System.Runtime.InteropServices;
using FlowMeter.Cli.Telemetry;
using FlowMeter.Engine.Metering;
using FlowMeter.Engine.Observe;
using FlowMeter.Engine.Output;
using FlowMeter.Native;

namespace FlowMeter.Cli;

/// <summary>One run of <c>flowmeter capture</c>, from the checks before the first packet to the summary after the last.</summary>
internal static class CaptureRun
{
    // A handle's packets are in order, and the kernel hands them over after a tenth of a second at most.
    private const long SweepSlack = CaptureTime.Second / 2;
    private const int LongestSnapLength = 262_144;

    /// <summary>Meters the interfaces until told to stop. Returns the exit code; throws what <see cref="Program"/> has a line for.</summary>
    public static int Execute(CaptureChoices choices)
    {
        RejectPinElsewhere(choices);
        MeteringPlan plan = PlanOf(choices);
        CaptureRouting.Check(choices, plan);
        int snapLength = SnapLengthOf(choices, plan);
        using StopSignal stop = new(terminated: ExitCode.Done);
        using CancellationTokenSource end = CancellationTokenSource.CreateLinkedTokenSource(stop.Token);
        ProgressLine? line = null;
        void Say(string message)
        {
            string text = $"flowmeter: {message}";
            if (line == null)
            {
                Terminal.Error.WriteLine(text);
            }
            else
            {
                line.Say(text);
            }
        }

        using LiveCapture capture = Open(choices, plan, snapLength, Say, end.Token);
        using ResilientOutput output = OpenOutput(choices, Say);
        using OutputFile? summaryFile = choices.Summary == null ? null : OutputFile.Open(choices.Summary);
        using CaptureRouting? routing = CaptureRouting.Open(choices, capture, snapLength, Say);
        using MeteringProcess process = new(plan.Profile, plan.Options, plan.Model, output, frames: routing?.Frames);
        using CaptureTelemetry telemetry = new(choices, process.Totals, plan.Options.Flow.MaximumFlows, capture, output, routing?.Frames);
        if (choices.User != null)
        {
            BecomeUser(choices, choices.User);
        }

        routing?.Start();
        Stopwatch clock = Stopwatch.StartNew();
        if (choices.Duration is { } duration)
        {
            end.CancelAfter(duration);
        }

        using (CaptureStatistics statistics = new(process.Totals, capture, output, routing?.Frames, choices.StatisticsPeriod, Say))
        using (line = choices.Quiet || !Terminal.IsWatched ? null : new ProgressLine(process.Totals, new InputProgress(), inputBytes: null))
        {
            using CancellationTokenRegistration stopping = end.Token.Register(telemetry.Stopping);
            using PosixSignalRegistration hangUp = PosixSignalRegistration.Create(PosixSignal.SIGHUP, context =>
            {
                context.Cancel = true;
                output.RotateNow();
                routing?.RotateNow();
            });
            telemetry.Ready();
            process.Run(capture, choices.IsPinned ? Pin : null);
            line = null;
        }

        output.Complete();
        routing?.Complete();
        RunSummary summary = RunSummary.Of(process.Totals, plan, clock.Elapsed) with
        {
            Split = routing == null ? null : SplitSummary.Of(routing.Frames.Reduction),
            Capture = CaptureSummary.Of(process.Totals, capture, output, routing?.Frames),
        };
        if (summaryFile != null)
        {
            summary.Save(summaryFile);
        }

        if (!choices.Quiet)
        {
            SummaryText.Write(Terminal.Error, summary);
        }

        // What was lost on the way has been told; what still fails at the end is a failure of the run.
        return output.IsFailing || output.UnnamedFiles > 0 || routing is { IsFailing: true } ? ExitCode.Failed : stop.ExitCode ?? ExitCode.Done;
    }

    private static MeteringPlan PlanOf(CaptureChoices choices)
    {
        MeteringPlan plan = MeteringPlan.Of(choices.Metering, workers: 1, isTimely: true);
        int workers = plan.Options.Workers * choices.Interfaces.Count;
        if (workers > MeteringOptions.MostWorkers)
        {
            throw new UsageException($"--workers: {plan.Options.Workers} for each of {choices.Interfaces.Count} interfaces are more than {MeteringOptions.MostWorkers} in all; use fewer.");
        }

        return plan with
        {
            Options = plan.Options with
            {
                Workers = workers,
                ObservationPoints = IsShared(choices, plan) ? workers : choices.Interfaces.Count,
                Mode = MeteringMode.Live,

                // Swept by the clock alone.
                Flow = plan.Options.Flow with { SweepSlack = SweepSlack, SweepFrom = long.MaxValue },
            },
        };
    }

    /// <summary>Whether the kernel shares packets between workers. It does so by outer addresses, which say nothing of the flows inside tunnels.</summary>
    private static bool IsShared(CaptureChoices choices, MeteringPlan plan) => CaptureSettings.CanShare(choices.Interfaces) && plan.Options.Flow.Tunnels == null;

    /// <summary>Headers are enough to meter by; who gets packets wants them whole.</summary>
    private static int SnapLengthOf(CaptureChoices choices, MeteringPlan plan) => choices.SnapLength
        ?? (plan.Profile.Rules.Decode.SizeIsCapturedLength || choices.RoutingOption != null ? LongestSnapLength : new CaptureSettings { Interfaces = [] }.SnapLength);

    private static LiveCapture Open(CaptureChoices choices, MeteringPlan plan, int snapLength, Action<string> say, CancellationToken stop)
    {
        CaptureSettings settings = new()
        {
            Interfaces = choices.Interfaces,
            SnapLength = snapLength,
            IsPromiscuous = choices.IsPromiscuous,
            BufferBytes = choices.BufferBytes,
            Filter = choices.Filter,
            Direction = choices.Direction,
            HandlesPerInterface = plan.Options.ObservationPoints / choices.Interfaces.Count,
            WorkersPerHandle = plan.Options.Workers / plan.Options.ObservationPoints,
            MostFrames = choices.Count,
        };
        try
        {
            return new LiveCapture(settings, TimeProvider.System, say, stop);
        }
        catch (PcapException e)
        {
            throw CaptureRefusal.Explain(e, choices.Interfaces);
        }
    }

    private static ResilientOutput OpenOutput(CaptureChoices choices, Action<string> say)
    {
        try
        {
            return ResilientOutput.Open(choices.Output, choices.Rotation, TimeProvider.System, say);
        }
        catch (FormatException e)
        {
            throw new UsageException($"--output {e.Message}");
        }
    }

    /// <summary>Before the threads that capture are started: what they need is handed on to them, and to nobody else.</summary>
    private static void BecomeUser(CaptureChoices choices, string name)
    {
        if (!OperatingSystem.IsLinux())
        {
            throw new UsageException("--user: rights are given up on Linux only; leave it out.");
        }

        UserAccount user = UserAccount.Find(name);
        Privileges.DropTo(user);
        foreach (string path in choices.Outputs.Select(output => output.Path).Where(path => !OutputFile.IsDirect(path)))
        {
            Privileges.RequireFolder(user, path);
        }
    }

    private static void RejectPinElsewhere(CaptureChoices choices)
    {
        if (choices.IsPinned && !ThreadAffinity.IsSupported)
        {
            throw new UsageException("--pin: this system does not tie threads to processors; leave it out.");
        }
    }

    private static void Pin(int worker)
    {
        if (ThreadAffinity.IsSupported)
        {
            _ = ThreadAffinity.Pin(worker);
        }
    }
}
