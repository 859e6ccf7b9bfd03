using System.CommandLine;
using FlowMeter.Cli.Help;
using FlowMeter.Cli.Options;
using FlowMeter.Cli.Shell;

namespace FlowMeter.Cli.Extract;

/// <summary><c>flowmeter packets</c>: from a flow to its packets.</summary>
internal sealed class PacketsCommand : Command
{
    private readonly Argument<string[]> _files = new("FILE")
    {
        Description = "Captures, in order: pcap or pcapng, also compressed with gzip or zstd. Read twice, so no pipes.",
        Arity = ArgumentArity.OneOrMore,
    };

    private readonly Option<FlowChoice[]> _flows = new("--flow")
    {
        Description = "The flow: the number of its row, from 1, as flowmeter show FILE --columns row,... has it, or its Community ID, "
            + "which all flows between the same two ends and ports have. May be given several times.",
        HelpName = "ROW|ID",
        Required = true,
        CustomParser = result =>
        {
            FlowChoice?[] flows = [.. result.Tokens.Select(token => FlowChoice.Parse(token.Value))];
            if (Array.IndexOf(flows, null) is >= 0 and int wrong)
            {
                result.AddError($"--flow {result.Tokens[wrong].Value}: is neither the number of a row, from 1, nor a Community ID as "
                    + "1:mzw4GQ7I3JAfdjdEsBE2d6yV3lE=.");
            }

            return flows!;
        },
    };

    private readonly Option<string> _output = new("--output", "-o")
    {
        Description = "Where the packets go, as they came: pcap or pcapng as the input, not compressed; - for standard output. Default: -.",
        HelpName = "PATH",
        DefaultValueFactory = _ => "-",
    };

    private readonly Option<string?> _filter = RunOptions.Filter();

    private readonly Option<bool> _noSandbox = RunOptions.NoSandbox();

    private readonly Option<bool> _quiet = RunOptions.QuietNotes();

    private readonly MeteringArguments _metering;

    public PacketsCommand()
        : base("packets", "Write the packets of single flows of a capture, as they came.")
    {
        FileArgument.RejectOptions(_files);
        FileArgument.RejectEmpty(_files, _output);
        Arguments.Add(_files);
        Options.Add(_flows);
        Options.Add(_output);
        Options.Add(_filter);
        _metering = new MeteringArguments(
            this, "Threads that meter. Default: 1; rows have numbers only then.", writes: false, anonymizes: false);
        Options.Add(_noSandbox);
        Options.Add(_quiet);
        Examples.Add(
            this,
            "flowmeter packets capture.pcap --flow 17 -o flow.pcap",
            "flowmeter packets capture.pcap --flow 1:mzw4GQ7I3JAfdjdEsBE2d6yV3lE= -o flow.pcap",
            "flowmeter packets capture.pcap --flow 17 | tshark -r -");
        SetAction(result => PacketsRun.Execute(ChoicesOf(result)));
    }

    /// <summary>What was typed, checked for sense.</summary>
    /// <exception cref="UsageException">The output is an input, too, or rows have no numbers.</exception>
    public PacketsChoices ChoicesOf(ParseResult result)
    {
        PacketsChoices choices = new()
        {
            Files = result.GetValue(_files)!,
            Flows = result.GetValue(_flows)!,
            Output = result.GetValue(_output)!,
            Filter = result.GetValue(_filter),
            Metering = _metering.ChoicesOf(result),
            IsSandboxed = !result.GetValue(_noSandbox),
            Quiet = result.GetValue(_quiet),
        };
        foreach (string file in choices.Files)
        {
            FileArgument.RejectInput("-o", choices.Output, file, "an input file");
        }

        return choices.Metering.Workers is > 1 && choices.Flows.FirstOrDefault(flow => flow.Row != null) is { } row
            ? throw new UsageException($"--flow {row}: rows of several workers have no fixed order; leave out --workers, or give the "
                + "flow's Community ID.")
            : choices;
    }
}
