using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using FlowMeter.Cli.Help;
using FlowMeter.Cli.Options;
using FlowMeter.Cli.Shell;
using FlowMeter.Engine.Decode;
using FlowMeter.Engine.Metering;
using FlowMeter.Engine.Observe;
using FlowMeter.Engine.Synthetic;

namespace FlowMeter.Cli.Bench;

/// <summary><c>flowmeter replay</c>: a stress test of the real pipeline, from a capture held in memory.</summary>
internal static class ReplayCommand
{
    public static Command Create()
    {
        Argument<string> file = new("FILE") { Description = "The capture to play." };
        FileArgument.RejectOptions(file);
        FileArgument.RejectEmpty(file);
        Option<long?> loops = NumberOption.Whole("--loops", 1, int.MaxValue, "How many times, each later and with other addresses than the one before. Default: 1.");
        Option<long?> rate = NumberOption.Whole("--pps", 1, int.MaxValue, "Packets a second, as 10k or 1M. Default: as fast as it goes.");
        Option<int> flows = new("--flows")
        {
            Description = "Play this many copies at the same time, with addresses of their own: x8 has eight times the concurrent flows. Default: x1.",
            HelpName = "xK",
            DefaultValueFactory = _ => 1,
            CustomParser = result =>
            {
                string text = result.Tokens[0].Value;
                if (int.TryParse(text.TrimStart('x'), NumberStyles.None, CultureInfo.InvariantCulture, out int copies) && copies is >= 1 and <= 1024)
                {
                    return copies;
                }

                result.AddError($"--flows {text}: write it as x1 to x1024.");
                return 1;
            },
        };
        Command command = new("replay", "Play a capture from memory through the whole pipeline, and print how fast it went.") { file, loops, rate, flows };
        MeteringArguments metering = new(command);
        Examples.Of(command, "flowmeter replay capture.pcap --loops 100", "flowmeter replay capture.pcap --loops 20 --flows x8 --workers 2");
        command.SetAction(result => Run(result.GetValue(file)!, result.GetValue(loops) ?? 1, result.GetValue(rate), result.GetValue(flows), metering.Read(result)));
        return command;
    }

    private static int Run(string file, long loops, long? rate, int copies, MeteringChoices choices)
    {
        Savefile.Check(file);
        MeteringPlan plan = MeteringPlan.Of(choices, workers: 1, isTimely: false);
        using IPacketSource source = Load(file, copies, loops, rate, out bool isWhole);
        using StopSignal stop = new();
        using MeteringProcess process = new(plan.Profile, plan.Options, plan.Model, output: null);
        long allocated = GC.GetTotalAllocatedBytes(precise: true);
        Stopwatch clock = Stopwatch.StartNew();
        process.Run(source, stop.Token);
        double seconds = clock.Elapsed.TotalSeconds;
        allocated = GC.GetTotalAllocatedBytes(precise: true) - allocated;
        if (process.Totals.Frames is { UnsupportedLinkType: { } linkType } frames && frames[FrameFate.UnsupportedLinkType] == frames.Frames)
        {
            throw new CaptureException($"{file}: linktype {LinkTypeName.Of(linkType)} is not supported, so there is nothing to meter; play another capture.");
        }

        Write(process.Totals, seconds, allocated);
        return stop.ExitCode ?? (isWhole ? ExitCode.Done : ExitCode.Failed);
    }

    private static IPacketSource Load(string file, int copies, long loops, long? rate, out bool isWhole)
    {
        using CaptureFiles capture = new([file], path => Savefile.Open(path, Warn, new InputProgress()));
        capture.Look(isSorted: false);
        ReplaySource replay = ReplaySource.Load(capture, copies, loops);
        isWhole = !capture.Failed.Any();
        if (!isWhole)
        {
            Terminal.Error.WriteLine($"flowmeter: {capture.Failed.First().Failure!.Message.TrimEnd('.')}; what can be read is played.");
        }

        if (replay.Unchanged > 0)
        {
            Warn(string.Create(CultureInfo.InvariantCulture, $"{replay.Unchanged:#,0} packets keep their addresses in all loops and copies, so their flows go on; a checksum protects them, or they are not in one piece."));
        }

        return rate == null ? replay : new PacedSource(replay, rate.Value);
    }

    private static void Warn(string message) => Terminal.Error.WriteLine($"flowmeter: warning: {message}");

    private static void Write(MeteringTotals totals, double seconds, long allocated)
    {
        long packets = totals.Frames.Frames;
        Line("packets", packets.ToString("#,0", CultureInfo.InvariantCulture), string.Create(CultureInfo.InvariantCulture, $"{packets / seconds / 1e6:0.00} M packets/s, {seconds / packets * 1e9:0.0} ns a packet"));
        Line("flows", totals.Flows.ToString("#,0", CultureInfo.InvariantCulture), string.Create(CultureInfo.InvariantCulture, $"{totals.Flows / seconds / 1e6:0.000} M flows/s, {totals.PeakFlows:#,0} at a time"));
        Line("allocated", allocated.ToString("#,0", CultureInfo.InvariantCulture), "bytes on the managed heap during the run");
        using Process self = Process.GetCurrentProcess();
        Line("memory", (self.PeakWorkingSet64 >> 20).ToString("#,0", CultureInfo.InvariantCulture), "MiB resident at the peak, the capture included");
    }

    private static void Line(string name, string value, string details) => Terminal.Out.WriteLine($"{name,-10}{value,16}   {details}");
}
