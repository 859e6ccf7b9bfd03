using System.Diagnostics;
using System.Globalization;
using FlowMeter.Cli.Options;
using FlowMeter.Cli.Page;
using FlowMeter.Cli.Shell;
using FlowMeter.Cli.Watch;
using FlowMeter.Engine.Capture;
using FlowMeter.Engine.Decode;
using FlowMeter.Engine.Metering;
using FlowMeter.Engine.Synthetic;
using FlowMeter.Engine.Watch;

namespace FlowMeter.Cli.Bench;

/// <summary>One run of <c>flowmeter replay</c>, from the load of the capture to the figures.</summary>
internal static class ReplayRun
{
    /// <summary>Plays the capture. Returns the exit code.</summary>
    public static int Execute(ReplayChoices choices)
    {
        Savefile.Check(choices.File);
        using LivePage? page = LivePage.Open(choices.Page, choices.PageTokenFile);
        MeteringPlan plan = LivePage.Fit(page, MeteringPlan.From(choices.Metering, workers: 1, flushesEarly: page != null));
        using IPacketSource source = Load(choices, out bool isWhole);
        using StopSignal stop = new();
        FlowWatch? watch = page == null ? null : new FlowWatch(plan.Profile, plan.Options, plan.Model);
        using MeteringProcess process = new(plan.Profile, plan.Options, plan.Model, output: null, watch);
        Notes notes = new();
        using RunWatch? run = watch == null
            ? null
            : new RunWatch($"replaying {choices.File}", watch, () => RunSample.Take(process.Totals, losses: null, notWritten: 0));
        page?.Serve(run!, notes);
        long allocated = GC.GetTotalAllocatedBytes(precise: true);
        Stopwatch clock = Stopwatch.StartNew();
        process.Run(source, stop.Token);
        double seconds = clock.Elapsed.TotalSeconds;
        allocated = GC.GetTotalAllocatedBytes(precise: true) - allocated;
        if (process.Totals.Frames is { UnsupportedLinkType: { } linkType } frames
            && frames[DecodeResult.UnsupportedLinkType] == frames.Frames)
        {
            throw new CaptureException($"{choices.File}: linktype {LinkTypeName.Find(linkType)} is not supported, so there is nothing to "
                + "meter; play another capture.");
        }

        Write(process.Totals, seconds, allocated);
        int code = stop.ExitCode ?? (isWhole ? ExitCode.Done : ExitCode.Failed);
        page?.Stay(run!, stop, notes);
        return code;
    }

    private static IPacketSource Load(ReplayChoices choices, out bool isWhole)
    {
        using CaptureFiles capture = new([choices.File], path => Savefile.Open(path, Notes.Warn, new InputProgress()));
        capture.Look(isSorted: false);
        ReplaySource replay = ReplaySource.Load(capture, choices.Copies, choices.Loops);
        isWhole = !capture.Failed.Any();
        if (!isWhole)
        {
            Notes.Tell($"{capture.Failed.First().Failure!.Message.TrimEnd('.')}; what can be read is played.");
        }

        if (replay.Unchanged > 0)
        {
            Notes.Warn(string.Create(CultureInfo.InvariantCulture, $"{replay.Unchanged:#,0} packets keep their addresses in all loops and "
                + $"copies, so their flows go on; a checksum protects them, or they are not in one piece."));
        }

        return choices.PacketsPerSecond is { } rate ? new PacedSource(replay, rate) : replay;
    }

    private static void Write(MeteringTotals totals, double seconds, long allocated)
    {
        long packets = totals.Frames.Frames;
        Line("packets", packets.ToString("#,0", CultureInfo.InvariantCulture), string.Create(
            CultureInfo.InvariantCulture, $"{packets / seconds / 1e6:0.00} M packets/s, {seconds / packets * 1e9:0.0} ns a packet"));
        Line("flows", totals.Flows.ToString("#,0", CultureInfo.InvariantCulture), string.Create(
            CultureInfo.InvariantCulture, $"{totals.Flows / seconds / 1e6:0.000} M flows/s, {totals.PeakFlows:#,0} at a time"));
        Line("allocated", allocated.ToString("#,0", CultureInfo.InvariantCulture), "bytes on the managed heap during the run");
        using Process self = Process.GetCurrentProcess();
        Line(
            "memory", (self.PeakWorkingSet64 >> 20).ToString("#,0", CultureInfo.InvariantCulture),
            "MiB resident at the peak, the capture included");
    }

    private static void Line(string name, string value, string details) => Terminal.Out.WriteLine($"{name,-10}{value,16}   {details}");
}
