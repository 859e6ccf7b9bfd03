using System.CommandLine;
using FlowMeter.Cli.Help;
using FlowMeter.Cli.Options;
using FlowMeter.Engine.Observe;

namespace FlowMeter.Cli.Read;

/// <summary><c>flowmeter read</c>: captures in, one table of flows out.</summary>
internal static class ReadCommand
{
    public static Command Create()
    {
        Argument<string[]> files = new("FILE")
        {
            Description = "Captures, in order: pcap or pcapng, also compressed with gzip or zstd; - for standard input. Flows cross the borders between files.",
            Arity = ArgumentArity.OneOrMore,
        };
        FileArgument.RejectOptions(files);
        Option<string> output = new("--output", "-o") { Description = "Where the table goes; - for standard output. Default: -.", HelpName = "PATH", DefaultValueFactory = _ => "-" };
        Option<string?> filter = new("--filter") { Description = "Meter only packets that match this BPF expression (man pcap-filter).", HelpName = "BPF" };
        Option<bool> sort = new("--sort") { Description = "Read the files in the order of their first packets, not in the given one." };
        Option<string?> packets = new("--packets") { Description = "Write every packet of the input with its flow and the verdict on it to this file, as CSV. Reads the input twice.", HelpName = "PATH" };
        Option<string?> suspicious = new("--write-suspicious") { Description = "Write the packets that no verdict clears to this file, as they came: those of flows judged malicious or undecided, and those of no flow. pcap or pcapng as the input, not compressed. Reads the input twice.", HelpName = "PATH" };
        Option<string?> benign = new("--write-benign") { Description = "Write the packets of flows judged benign to this file, likewise.", HelpName = "PATH" };
        Option<string?> summary = new("--summary") { Description = "Write the counters of the run to this file, as JSON.", HelpName = "PATH" };
        Option<bool> quiet = new("--quiet", "-q") { Description = "No progress and no summary on stderr; errors and warnings only." };
        FileArgument.RejectEmpty(files, output, packets, suspicious, benign, summary);
        Command command = new("read", "Meter captures: one row of CSV a flow, with score and verdict.") { files, output };
        MeteringArguments metering = new(command);
        command.Options.Add(filter);
        command.Options.Add(sort);
        command.Options.Add(packets);
        command.Options.Add(suspicious);
        command.Options.Add(benign);
        command.Options.Add(summary);
        command.Options.Add(quiet);
        Examples.Of(
            command,
            "flowmeter read capture.pcap > flows.csv",
            "flowmeter read monday.pcapng.gz tuesday.pcapng.gz -o week.csv --local-net 10.0.0.0/8",
            "flowmeter read capture.pcap --model model.json --filter 'tcp port 443' --summary run.json -o flows.csv",
            "flowmeter read capture.pcap --write-suspicious inspect.pcap -o flows.csv",
            "tcpdump -w - -i eth0 | flowmeter read - > flows.csv");
        command.SetAction(result => ReadRun.Execute(new ReadChoices(
            result.GetValue(files)!,
            result.GetValue(output)!,
            result.GetValue(filter),
            result.GetValue(sort),
            result.GetValue(packets),
            result.GetValue(suspicious),
            result.GetValue(benign),
            result.GetValue(summary),
            result.GetValue(quiet),
            metering.Read(result))));
        return command;
    }
}

/// <summary>What was typed behind <c>flowmeter read</c>.</summary>
internal sealed record ReadChoices(
    string[] Files, string Output, string? Filter, bool IsSorted, string? Packets, string? Suspicious, string? Benign, string? Summary, bool Quiet, MeteringChoices Metering)
{
    /// <summary>The first of the options that split the capture; null if none was given.</summary>
    public string? SplitOption => Suspicious != null ? "--write-suspicious" : Benign != null ? "--write-benign" : null;

    /// <summary>The first of the options for which the input is read again; null if none was given.</summary>
    public string? SecondPassOption => Packets != null ? "--packets" : SplitOption;

    /// <summary>What is written, by option, and what it is to the others.</summary>
    public (string Option, string? Path, string What)[] Outputs =>
    [
        ("-o", Output, "the table's file"),
        ("--summary", Summary, "the summary's file"),
        ("--packets", Packets, "the packets' file"),
        ("--write-suspicious", Suspicious, "the suspicious packets' file"),
        ("--write-benign", Benign, "the benign packets' file"),
    ];

    /// <summary>Whether packets may still be on their way, so that flows should come out soon after they end.</summary>
    public bool IsStreamed => Files.Any(Savefile.IsStream);
}
