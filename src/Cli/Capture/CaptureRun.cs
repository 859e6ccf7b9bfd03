using System.Diagnostics;
using System.Net.Sockets;
using System.Runtime.Versioning;
using FlowMeter.Cli.Options;
using FlowMeter.Cli.Page;
using FlowMeter.Cli.Shell;
using FlowMeter.Cli.Summary;
using FlowMeter.Cli.Telemetry;
using FlowMeter.Cli.Watch;
using FlowMeter.Engine.Brokers;
using FlowMeter.Engine.Capture;
using FlowMeter.Engine.Export;
using FlowMeter.Engine.HostVerdicts;
using FlowMeter.Engine.Metering;
using FlowMeter.Engine.Output;
using FlowMeter.Engine.Packets;
using FlowMeter.Engine.Watch;
using FlowMeter.Native;

namespace FlowMeter.Cli.Capture;

/// <summary>One run of <c>flowmeter capture</c>, from the checks before the first packet to the summary after the last.</summary>
internal static class CaptureRun
{
    private static readonly TimeSpan s_hostsPeriod = TimeSpan.FromSeconds(10);

    /// <summary>
    /// Meters the interfaces until it is stopped. Returns the exit code; throws what <see cref="Program"/> has a line for.
    /// </summary>
    public static int Execute(CaptureChoices choices)
    {
        CapturePlan plan = CapturePlan.From(choices);
        Terminal.Error.Hold();
        using StopSignal stop = new(
            terminated: ExitCode.Done, hungUp: ExitCode.Done, rotate: static () => { }, outlivesTerminal: choices.HasManyFiles);
        using CancellationTokenSource end = CancellationTokenSource.CreateLinkedTokenSource(stop.Token);
        AnonymizeOption.Check(choices.Metering, choices.HeadersOnly, choices.RoutingOption, Notes.Warn);
        if (plan.Metering.Warning is { } warning)
        {
            Notes.Warn(warning);
        }

        using LiveCapture capture = Open(plan.Settings, Notes.Tell, end.Token);
        using LivePage? page = LivePage.Open(choices.Page, choices.PageTokenFile);
        using Socket? metrics = choices.Metrics == null ? null : MetricsServer.Listen(choices.Metrics);
        using FrameForwarder? forwarder = CaptureRouting.OpenForwarder(choices, capture, Notes.Tell);
        using BrokerOutput? broker = choices.To == null ? null : BrokerOutput.Prepare(choices.To, TimeProvider.System);
        using CollectorPeer? collector = choices.Collector == null ? null : CollectorPeer.Find(choices.Collector);
        using CapturingThread capturing = GiveUpRights(
            choices, BrokerOptions.ConnectionsOf(broker, collector), out RunSandbox sandbox);
        Terminal.Error.Start();
        using ResilientOutput output = collector != null
            ? CollectorOutput.OpenResilient(collector, TimeProvider.System, Notes.Tell)
            : broker == null
            ? OpenOutput("--output", choices.Output, choices.Rotation, Notes.Tell, plan.Metering.Options.Export.Encoding.Framing)
            : broker.Open(
                BrokerOptions.OriginOf(choices.To!, plan.Metering), choices.Spool?.Folder, choices.Spool?.Bytes ?? BrokerOutput.MemoryBytes,
                TimeProvider.System, Notes.Tell);
        using ResilientOutput? hostsOutput = choices.Hosts == null
            ? null
            : OpenOutput("--hosts", choices.Hosts, choices.Rotation, Notes.Tell);
        using OutputFile? summaryFile = choices.Summary == null ? null : OutputFile.Open(choices.Summary);
        using CaptureRouting? routing = CaptureRouting.Open(
            choices, plan, capture, forwarder, Notes.Tell);
        MeteringPlan metering = LivePage.Fit(page, plan.Metering);
        HostTable? hosts = hostsOutput == null
            ? null
            : new HostTable(hostsOutput, metering.Model, metering.Options.Flow.Rules.IdleTimeout);
        FlowWatch? watch = page == null ? null : new FlowWatch(metering.Profile, metering.Options, metering.Model);
        using MeteringProcess process = new(
            metering.Profile, metering.Options, metering.Model, output, new FlowObservers(hosts, watch), routing?.Frames);
        CaptureCounts counts = new(process.Totals, capture, output, routing?.Frames) { Hosts = hosts, Broker = broker };
        CaptureHealth health = new(capture, NamedOutputs(output, hostsOutput, routing, broker));
        using CaptureTelemetry telemetry = new(counts, health, metering.Options.Flow.MaxFlows, metrics);

        Notes notes = new(choices.Quiet);
        using RunWatch? run = watch == null
            ? null
            : new RunWatch(
                telemetry.Doing, watch, () => RunSample.Take(process.Totals, counts.Losses, Counters.FlowsNotWritten.Read(counts)),
                () => health.Problems);
        page?.Serve(run!, notes);
        Stopwatch clock = Stopwatch.StartNew();
        if (choices.Duration is { } duration)
        {
            end.CancelAfter(duration);
        }

        // Intervals of the table of hosts end though no flow does.
        using ITimer? passing = hosts == null
            ? null
            : TimeProvider.System.CreateTimer(
                _ => hosts.PassTime((DateTime.UtcNow - DateTime.UnixEpoch).Ticks * TimeSpan.NanosecondsPerTick), null, s_hostsPeriod,
                s_hostsPeriod);
        using (CaptureStatistics statistics = new(counts, choices.StatisticsPeriod, Notes.Tell))
        using (notes.Show("packets", () => (process.Totals.Frames.Frames, null)))
        {
            using CancellationTokenRegistration stopping = end.Token.Register(telemetry.Stopping);
            stop.Rotate = () =>
            {
                output.RotateNow();
                hostsOutput?.RotateNow();
                routing?.RotateNow();
            };
            if (sandbox.Close() is { } limits)
            {
                notes.Note(limits);
            }

            telemetry.Ready();
            capturing.Run(() =>
            {
                routing?.Start();
                process.Run(capture, choices.IsPinned ? Pin : null);
            });
        }

        run?.Finish();
        stop.Rotate = static () => { };
        output.Complete();
        hosts?.WriteAll();
        hostsOutput?.Complete();
        routing?.Complete();
        RunSummary summary = RunSummary.From(new RunCounts(process.Totals), metering, clock.Elapsed) with
        {
            Split = routing?.Frames.Reduction,
            Capture = counts,
            Hosts = hosts,
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
        return IsFailing(output) || IsFailing(hostsOutput) || routing is { IsFailing: true } || broker is { LosesWaiting: true }
            ? ExitCode.Failed
            : stop.ExitCode ?? ExitCode.Done;
    }

    private static (string Name, Func<bool> IsFailing)[] NamedOutputs(
        ResilientOutput output, ResilientOutput? hosts, CaptureRouting? routing, BrokerOutput? broker) =>
    [
        ("table", () => output.IsFailing),
        .. hosts == null ? [] : new (string, Func<bool>)[] { ("hosts", () => hosts.IsFailing) },
        .. broker == null ? [] : new (string, Func<bool>)[] { ("broker", () => broker.IsFailing) },
        .. routing == null ? [] : new (string, Func<bool>)[] { ("packets", () => routing.IsFailing) },
    ];

    /// <summary>Opens interfaces.</summary>
    /// <exception cref="CaptureException">One of them can not be captured.</exception>
    internal static LiveCapture Open(CaptureSettings settings, Action<string> say, CancellationToken stop)
    {
        try
        {
            return new LiveCapture(settings, TimeProvider.System, say, stop);
        }
        catch (PcapException e)
        {
            throw CaptureRefusal.Explain(e, settings.Interfaces);
        }
    }

    private static bool IsFailing(ResilientOutput? output) => output != null && (output.IsFailing || output.UnnamedFiles > 0);

    private static ResilientOutput OpenOutput(string option, string path, Rotation rotation, Action<string> say, RowFraming? framing = null)
    {
        try
        {
            return ResilientOutput.Open(path, rotation, TimeProvider.System, say, framing);
        }
        catch (FormatException e)
        {
            throw new UsageException($"{option} {e.Message}");
        }
    }

    /// <summary>
    /// Gives up rights before any file is opened, since whoever may write in its folder may put a link there. The thread that captures is
    /// started in between, and keeps what opening an interface again takes; so do the threads that it starts, and no others.
    /// </summary>
    private static CapturingThread GiveUpRights(CaptureChoices choices, Connections? connections, out RunSandbox sandbox)
    {
        if (choices.User != null && OperatingSystem.IsLinux())
        {
            BecomeUser(choices, choices.User);
        }

        sandbox = RunSandbox.Begin(choices.IsSandboxed, choices.Outputs.Select(output => output.Path), connections);
        CapturingThread capturing = new();
        if (OperatingSystem.IsLinux())
        {
            Privileges.LeaveToOthers();
        }

        return capturing;
    }

    [SupportedOSPlatform("linux")]
    private static void BecomeUser(CaptureChoices choices, string name)
    {
        UserAccount user = UserAccount.Find(name);
        Privileges.DropTo(user);
        foreach (string path in choices.Outputs.Select(output => output.Path).Where(path => !OutputPath.IsStream(path)))
        {
            Privileges.RequireFolder(user, path);
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
