using System.CommandLine;
using FlowMeter.Engine.Output;
using FlowMeter.Engine.Synthetic;
using FlowMeter.Engine.Text;

namespace FlowMeter.Cli;

/// <summary><c>flowmeter generate</c>: synthetic captures for benchmarks, the same bytes for the same options.</summary>
internal static class GenerateCommand
{
    public static Command Create()
    {
        TrafficOptions defaults = new();
        Argument<string> output = new("OUT") { Description = "The pcap file to write; - for standard output." };
        FileArgument.RejectOptions(output);
        FileArgument.RejectEmpty(output);
        Option<long?> packets = NumberOption.Whole("--packets", 1, long.MaxValue, $"Frames, as 10k or 1M. Default: {defaults.Packets}.");
        Option<long?> flows = NumberOption.Whole("--flows", 1, int.MaxValue, $"Flows alive at a time, as 10k. Default: {defaults.ConcurrentFlows}.");
        Option<long?> perFlow = NumberOption.Whole("--packets-per-flow", 1, int.MaxValue, "Packets after which a flow ends and a new one takes its place. Default: flows last as long as the capture.");
        Option<string?> size = new("--size") { Description = $"Bytes of a frame, or imix. Default: {defaults.FrameSize}.", HelpName = "BYTES|imix" };
        Option<double?> ipv6 = NumberOption.Share("--ipv6", "SHARE", 1, "Share of IPv6 flows, as 0.2 or 20%. Default: 0.");
        Option<string?> distribution = new("--distribution") { Description = "How packets spread over flows. Default: uniform.", HelpName = "uniform|zipf" };
        distribution.AcceptOnly("uniform", "zipf");
        Option<long?> rate = NumberOption.Whole("--pps", 1, 1_000_000_000, "Packets a second of capture time, as 10k or 1M. Default: 1000000.");
        Option<long?> seed = NumberOption.Whole("--seed", 0, long.MaxValue, "Names the capture: same seed, same bytes. Default: 1.");
        Command command = new("generate", "Write a synthetic capture, for benchmarks.") { output, packets, flows, perFlow, size, ipv6, distribution, rate, seed };
        Examples.Of(
            command,
            "flowmeter generate small.pcap --packets 1000000 --flows 10000",
            "flowmeter generate imix.pcap --packets 4000000 --flows 200000 --size imix --distribution zipf --seed 7");
        command.SetAction(result =>
        {
            string? typedSize = result.GetValue(size);
            bool isImix = typedSize == "imix";
            int frameSize = typedSize == null || isImix ? defaults.FrameSize : FrameSizeOf(typedSize);

            long frames = result.GetValue(packets) ?? defaults.Packets;
            return Write(result.GetValue(output)!, defaults with
            {
                Packets = frames,
                ConcurrentFlows = (int)(result.GetValue(flows) ?? Math.Min(frames, defaults.ConcurrentFlows)),
                PacketsPerFlow = (int?)result.GetValue(perFlow) ?? defaults.PacketsPerFlow,
                FrameSize = frameSize,
                Imix = isImix,
                IPv6Share = result.GetValue(ipv6) ?? defaults.IPv6Share,
                Distribution = result.GetValue(distribution) == "zipf" ? FlowDistribution.Zipf : FlowDistribution.Uniform,
                PacketsPerSecond = result.GetValue(rate) ?? defaults.PacketsPerSecond,
                Seed = (ulong?)result.GetValue(seed) ?? defaults.Seed,
            });
        });
        return command;
    }

    private static int FrameSizeOf(string text) => Quantity.Size(text) is { } bytes and <= int.MaxValue && bytes == decimal.Truncate(bytes)
        ? (int)bytes
        : throw new UsageException($"--size {text}: is neither a number of bytes, as 512 or 1kB, nor imix.");

    private static int Write(string path, TrafficOptions options)
    {
        try
        {
            options.Validate();
        }
        catch (ArgumentOutOfRangeException e)
        {
            throw new UsageException(e.Message.ReplaceLineEndings(" "));
        }

        using StopSignal stop = new();
        using OutputFile output = OutputFile.Open(path);
        try
        {
            TrafficGenerator.Write(output.AsStream(), options, stop.Token);
        }
        catch (OperationCanceledException)
        {
            // Options and seed name the whole capture; a part of it is of use to nobody.
            output.Discard();
            return stop.ExitCode ?? ExitCode.Failed;
        }

        output.Complete();
        return ExitCode.Done;
    }
}
