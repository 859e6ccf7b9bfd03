using System.CommandLine;
using System.Net;
using FlowMeter.Cli.Help;
using FlowMeter.Cli.Options;
using FlowMeter.Cli.View;
using FlowMeter.Engine.Brokers;
using FlowMeter.Engine.Export;

namespace FlowMeter.Cli.Read;

/// <summary><c>flowmeter read</c>: captures in, one table of flows out.</summary>
internal sealed class ReadCommand : Command
{
    private readonly Argument<string[]> _files = new("FILE")
    {
        Description = "Captures, in order: pcap or pcapng, also compressed with gzip or zstd; - for standard input. Flows cross the "
            + "borders between files.",
        Arity = ArgumentArity.OneOrMore,
    };

    private readonly Option<string> _output = new("--output", "-o")
    {
        Description = "Where the table goes; - for standard output. Default: -.",
        HelpName = "PATH",
        DefaultValueFactory = _ => "-",
    };

    private readonly Option<string?> _view = new("--view")
    {
        Description = "How the table is shown: table (for people, with the ends, the service and the verdict of a flow) or csv (all "
            + "columns). Default: table on a terminal without -o and --format, else as --format says.",
        HelpName = "NAME",
    };

    private readonly Option<string> _color = ColorOption.Create();

    private readonly Option<BrokerAddress?> _to = BrokerOptions.To();

    private readonly Option<CollectorAddress?> _collector = CollectorOption.Create();

    private readonly Option<string?> _filter = RunOptions.Filter();

    private readonly Option<bool> _sort = new("--sort")
    {
        Description = "Read the files in the order of their first packets, not in the given one.",
    };

    private readonly Option<string?> _hosts = RunOptions.Hosts();

    private readonly Option<string?> _packets = new("--packets")
    {
        Description = "Write every packet of the input with its flow and the verdict on it to this file, as CSV. Reads the input twice.",
        HelpName = "PATH",
    };

    private readonly Option<string?> _suspicious = new("--write-suspicious")
    {
        Description = "Write the packets that no verdict clears to this file, as they came: those of flows judged malicious or "
            + "undecided, and those of no flow. pcap or pcapng as the input, not compressed. Reads the input twice.",
        HelpName = "PATH",
    };

    private readonly Option<string?> _benign = new("--write-benign")
    {
        Description = "Write the packets of flows judged benign to this file, likewise.",
        HelpName = "PATH",
    };

    private readonly Option<bool> _headersOnly = AnonymizeOption.HeadersOnly();

    private readonly Option<IPEndPoint?> _page = PageOptions.Page();

    private readonly Option<string?> _pageTokenFile = PageOptions.TokenFile();

    private readonly Option<string?> _summary = RunOptions.Summary();

    private readonly Option<bool> _noSandbox = RunOptions.NoSandbox();

    private readonly Option<bool> _quiet = RunOptions.Quiet();

    private readonly MeteringArguments _metering;

    public ReadCommand()
        : base("read", "Meter captures: one row of CSV a flow, with score and verdict.")
    {
        FileArgument.RejectOptions(_files);
        FileArgument.RejectEmpty(_files, _output, _hosts, _packets, _suspicious, _benign, _summary, _pageTokenFile);
        Arguments.Add(_files);
        Options.Add(_output);
        _view.AcceptOnly(ReadView.Table, ReadView.Csv);
        _metering = new MeteringArguments(this);
        foreach (Option option in new Option[]
        {
            _view, _color, _to, _collector, _filter, _sort, _hosts, _packets, _suspicious, _benign, _headersOnly, _page, _pageTokenFile,
            _summary, _noSandbox, _quiet,
        })
        {
            Options.Add(option);
        }

        Examples.Add(
            this,
            "flowmeter read capture.pcap > flows.csv",
            "flowmeter read monday.pcapng.gz tuesday.pcapng.gz -o week.csv --local-net 10.0.0.0/8",
            "flowmeter read capture.pcap --model model.json --filter 'tcp port 443' --summary run.json -o flows.csv",
            "flowmeter read capture.pcap --page 9477 -o flows.csv",
            "flowmeter read capture.pcap --ipfix tcp://collector.example:4739",
            "flowmeter read capture.pcap --write-suspicious inspect.pcap -o flows.csv",
            "tcpdump -w - -i eth0 | flowmeter read - > flows.csv");
        SetAction(result => ReadRun.Execute(ChoicesOf(result)));
    }

    /// <summary>What was typed.</summary>
    public ReadChoices ChoicesOf(ParseResult result) => new()
    {
        Files = result.GetValue(_files)!,
        Output = result.GetValue(_output)!,
        View = result.GetValue(_view),
        Color = result.GetValue(_color)!,
        IsOutputNamed = result.GetResult(_output) is { Implicit: false },
        To = result.GetValue(_to),
        Collector = result.GetValue(_collector),
        Filter = result.GetValue(_filter),
        IsSorted = result.GetValue(_sort),
        Hosts = result.GetValue(_hosts),
        Packets = result.GetValue(_packets),
        Suspicious = result.GetValue(_suspicious),
        Benign = result.GetValue(_benign),
        HeadersOnly = result.GetValue(_headersOnly),
        Page = result.GetValue(_page),
        PageTokenFile = result.GetValue(_pageTokenFile),
        Summary = result.GetValue(_summary),
        IsSandboxed = !result.GetValue(_noSandbox),
        Quiet = result.GetValue(_quiet),
        Metering = _metering.ChoicesOf(result),
    };
}
