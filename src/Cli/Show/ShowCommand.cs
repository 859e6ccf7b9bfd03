using System.CommandLine;
using FlowMeter.Cli.Help;
using FlowMeter.Cli.Options;
using FlowMeter.Cli.Shell;
using FlowMeter.Cli.View;
using FlowMeter.Learning.Queries;

namespace FlowMeter.Cli.Show;

/// <summary><c>flowmeter show</c>: the flows of a table or a capture, filtered, sorted and summed up.</summary>
internal sealed class ShowCommand : Command
{
    private readonly Argument<string> _file = new("FILE")
    {
        Description = "The flow table (CSV, JSON Lines, also as .gz or .zst, or Parquet), or the capture; - for a table on standard input.",
    };

    private readonly Argument<string?> _expression = new("EXPRESSION")
    {
        Description = "Which flows, as 'dst_port == 443 and src_ip in 10.0.0.0/8 and score > 0.9'; docs/show.md has the language. Default: "
            + "all.",
        Arity = ArgumentArity.ZeroOrOne,
    };

    private readonly Option<string[]> _by = Names("--by", "Sum up the flows that have the same values in these columns: flows, packets, "
        + "bytes, first and last time, malicious ones. Default: none.");

    private readonly Option<string[]> _sort = Names("--sort", "Put rows in the order of these columns: largest numbers first, other "
        + "values from the first on; with :asc or :desc behind a name as it says. Default: as they come, groups by flows.");

    private readonly Option<long?> _top = NumberOption.Whole("--top", 1, long.MaxValue, "Show the first N rows only. Default: all.");

    private readonly Option<string[]> _columns = Names("--columns", "Show these columns, in this order. Default: all; in a table for "
        + "people those that fit.");

    private readonly Option<string?> _format = new("--format")
    {
        Description = "How rows are written: table (for people), csv or jsonl. Default: the one that -o ends in, else table on a terminal "
            + "and csv elsewhere.",
        HelpName = "NAME",
    };

    private readonly Option<string> _output = new("--output", "-o")
    {
        Description = "Where the rows go; - for standard output. Default: -.",
        HelpName = "PATH",
        DefaultValueFactory = _ => "-",
    };

    private readonly Option<string> _color = ColorOption.Create();

    private readonly Option<string?> _filter = new("--filter")
    {
        Description = "Of a capture, meter only packets that match this BPF expression (man pcap-filter).",
        HelpName = "BPF",
    };

    private readonly Option<bool> _noSandbox = RunOptions.NoSandbox();

    private readonly Option<bool> _quiet = RunOptions.QuietNotes();

    private readonly MeteringArguments _metering;

    public ShowCommand()
        : base("show", "Show the flows of a table or a capture: filtered by an expression, sorted, summed up.")
    {
        FileArgument.RejectOptions(_file);
        FileArgument.RejectEmpty(_file, _output);
        _format.AcceptOnly([.. AnswerFormat.Names]);
        Arguments.Add(_file);
        Arguments.Add(_expression);
        foreach (Option option in new Option[] { _by, _sort, _top, _columns, _format, _output, _color, _filter })
        {
            Options.Add(option);
        }

        _metering = new MeteringArguments(this, "Threads that meter a capture. Default: 1, which keeps the order of rows.", writes: false);
        Options.Add(_noSandbox);
        Options.Add(_quiet);
        Examples.Add(
            this,
            "flowmeter show flows.csv 'dst_port == 443 and src_ip in 10.0.0.0/8 and score > 0.9'",
            "flowmeter show capture.pcap 'verdict == malicious' --sort score --top 20",
            "flowmeter show flows.parquet --by src_ip,dst_port --sort bytes --top 10",
            "flowmeter show flows.csv.gz 'duration > 5m' --columns start_time,src_ip,dst_ip,bytes --format csv -o long.csv");
        SetAction(result => ShowRun.Execute(ChoicesOf(result)));
    }

    /// <summary>What was typed, checked for sense.</summary>
    /// <exception cref="UsageException">The expression is none, or the answer would replace what is asked.</exception>
    public ShowChoices ChoicesOf(ParseResult result)
    {
        string? expression = result.GetValue(_expression);
        QueryFault.Check(expression);
        ShowChoices choices = new()
        {
            File = result.GetValue(_file)!,
            Query = new FlowQuery
            {
                Expression = expression,
                By = result.GetValue(_by) ?? [],
                Sort = [.. (result.GetValue(_sort) ?? []).Select(SortColumn.Parse)],
                Top = result.GetValue(_top),
                Columns = result.GetValue(_columns) ?? [],
            },
            Format = result.GetValue(_format),
            Output = result.GetValue(_output)!,
            Color = result.GetValue(_color)!,
            Filter = result.GetValue(_filter),
            Metering = _metering.ChoicesOf(result),
            CaptureOption = result.GetResult(_filter) is { Implicit: false } ? _filter.Name : _metering.FirstGiven(result),
            IsSandboxed = !result.GetValue(_noSandbox),
            Quiet = result.GetValue(_quiet),
        };
        FileArgument.RejectInput("-o", choices.Output, choices.File, "what is shown");
        return choices;
    }

    /// <summary>An option for names of columns, parted by commas.</summary>
    private static Option<string[]> Names(string name, string description) => new(name)
    {
        Description = description,
        HelpName = "COLUMN,...",
        AllowMultipleArgumentsPerToken = false,
        CustomParser = result =>
        {
            string[] names = [.. result.Tokens.SelectMany(token => token.Value.Split(',', StringSplitOptions.TrimEntries))];
            if (names.Any(column => column.Length == 0))
            {
                result.AddError($"{name} {string.Join(' ', result.Tokens)}: a name is empty; write columns as src_ip,dst_port.");
            }

            return names;
        },
    };
}
