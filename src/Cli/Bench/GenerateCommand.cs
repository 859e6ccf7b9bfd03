using System.CommandLine;
using FlowMeter.Cli.Help;
using FlowMeter.Cli.Options;
using FlowMeter.Cli.Shell;
using FlowMeter.Engine.Output;
using FlowMeter.Engine.Synthetic;
using FlowMeter.Engine.Text;

namespace FlowMeter.Cli.Bench;

/// <summary><c>flowmeter generate</c>: synthetic captures for benchmarks, the same bytes for the same options.</summary>
internal sealed class GenerateCommand : Command
{
    private const string Imix = "imix";

    private static readonly TrafficOptions s_defaults = new();

    private readonly Argument<string> _output = new("OUT") { Description = "The pcap file to write; - for standard output." };

    private readonly Option<long?> _packets = NumberOption.Whole(
        "--packets", 1, long.MaxValue, $"Frames, as 10k or 1M. Default: {s_defaults.Packets}.");

    private readonly Option<long?> _flows = NumberOption.Whole(
        "--flows", 1, int.MaxValue,
        $"Flows alive at a time, as 10k. Default: {s_defaults.ConcurrentFlows}.");

    private readonly Option<long?> _perFlow = NumberOption.Whole(
        "--packets-per-flow", 1, int.MaxValue,
        "Packets after which a flow ends and a new one takes its place. Default: flows last as long as the capture.");

    private readonly Option<string?> _size = new("--size")
    {
        Description = $"Bytes of a frame, or imix. Default: {s_defaults.FrameSize}.",
        HelpName = "BYTES|imix",
    };

    private readonly Option<double?> _ipv6 = NumberOption.Share("--ipv6", "SHARE", 1, "Share of IPv6 flows, as 0.2 or 20%. Default: 0.");

    private readonly Option<string?> _distribution = new("--distribution")
    {
        Description = "How packets spread over flows. Default: uniform.",
        HelpName = "uniform|zipf",
    };

    private readonly Option<long?> _rate = NumberOption.Whole(
        "--pps", 1, 1_000_000_000,
        "Packets a second of capture time, as 10k or 1M. Default: 1000000.");

    private readonly Option<long?> _seed = NumberOption.Whole(
        "--seed", 0, long.MaxValue, "Names the capture: same seed, same bytes. Default: 1.");

    public GenerateCommand()
        : base("generate", "Write a synthetic capture, for benchmarks.")
    {
        FileArgument.RejectOptions(_output);
        FileArgument.RejectEmpty(_output);
        _distribution.AcceptOnly("uniform", "zipf");
        Arguments.Add(_output);
        foreach (Option option in new Option[] { _packets, _flows, _perFlow, _size, _ipv6, _distribution, _rate, _seed })
        {
            Options.Add(option);
        }

        Examples.Add(
            this,
            "flowmeter generate small.pcap --packets 1000000 --flows 10000",
            "flowmeter generate imix.pcap --packets 4000000 --flows 200000 --size imix --distribution zipf --seed 7");
        SetAction(result => Write(ChoicesOf(result)));
    }

    /// <summary>What was typed, checked.</summary>
    /// <exception cref="UsageException">There is no such capture.</exception>
    public GenerateChoices ChoicesOf(ParseResult result)
    {
        string? size = result.GetValue(_size);
        long packets = result.GetValue(_packets) ?? s_defaults.Packets;
        TrafficOptions traffic = s_defaults with
        {
            Packets = packets,
            ConcurrentFlows = (int)(result.GetValue(_flows) ?? Math.Min(packets, s_defaults.ConcurrentFlows)),
            PacketsPerFlow = (int?)result.GetValue(_perFlow) ?? s_defaults.PacketsPerFlow,
            FrameSize = size is null or Imix ? s_defaults.FrameSize : FrameSizeOf(size),
            Imix = size == Imix,
            IPv6Share = result.GetValue(_ipv6) ?? s_defaults.IPv6Share,
            Distribution = result.GetValue(_distribution) == "zipf" ? FlowDistribution.Zipf : FlowDistribution.Uniform,
            PacketsPerSecond = result.GetValue(_rate) ?? s_defaults.PacketsPerSecond,
            Seed = (ulong?)result.GetValue(_seed) ?? s_defaults.Seed,
        };
        try
        {
            traffic.Validate();
        }
        catch (ArgumentOutOfRangeException e)
        {
            string rule = e.Message[(e.ParamName!.Length + 1)..e.Message.IndexOf(" (", StringComparison.Ordinal)];
            throw new UsageException($"{OptionOf(e.ParamName)} {e.ActualValue}: {rule}");
        }

        return new GenerateChoices { Output = result.GetValue(_output)!, Traffic = traffic };
    }

    private string OptionOf(string property) => property switch
    {
        nameof(TrafficOptions.Packets) => _packets.Name,
        nameof(TrafficOptions.ConcurrentFlows) => _flows.Name,
        nameof(TrafficOptions.PacketsPerFlow) => _perFlow.Name,
        nameof(TrafficOptions.FrameSize) => _size.Name,
        nameof(TrafficOptions.IPv6Share) => _ipv6.Name,
        nameof(TrafficOptions.PacketsPerSecond) => _rate.Name,
        _ => property,
    };

    private static int FrameSizeOf(string text) =>
        Quantity.Size(text) is { } bytes and <= int.MaxValue && bytes == decimal.Truncate(bytes)
            ? (int)bytes
            : throw new UsageException($"--size {text}: is neither a number of bytes, as 512 or 1kB, nor imix.");

    private static int Write(GenerateChoices choices)
    {
        using StopSignal stop = new();
        using OutputFile output = OutputFile.Open(choices.Output);
        try
        {
            TrafficGenerator.Write(output.AsStream(), choices.Traffic, stop.Token);
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
