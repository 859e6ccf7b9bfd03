using System.CommandLine;
using FlowMeter.Cli.Options;
using FlowMeter.Cli.Shell;
using FlowMeter.Learning.Data;

namespace FlowMeter.Cli.Learn;

/// <summary>The options that say which labelled flows there are, for the commands that train and evaluate.</summary>
internal sealed class DataArguments
{
    private readonly Argument<string[]> _files = new("FILE")
    {
        Description = "Flow tables (CSV, JSON Lines, also as .gz or .zst, or Parquet) with a label column; with --labels, captures.",
        Arity = ArgumentArity.ZeroOrMore,
    };

    private readonly Option<string[]> _benign = Files("--benign", "Captures of which every flow is benign.");
    private readonly Option<string[]> _malicious = Files("--malicious", "Captures of which every flow is malicious.");

    private readonly Option<string?> _labels = new("--labels")
    {
        Description = "Labels by flow for captures: lines of file, protocol, src, sport, dst, dport, first time, label, with tabs between.",
        HelpName = "FILE",
    };

    private readonly Option<string> _labelColumn = new("--label-column")
    {
        Description = "The column of a table that holds the label. Default: label.",
        HelpName = "NAME",
        DefaultValueFactory = _ => LabelColumn.DefaultName,
    };

    private readonly Option<string[]> _positive = new("--positive")
    {
        Description = "A label that means malicious, or !LABEL for all others. May be given several times. Default: malicious.",
        HelpName = "VALUE",
    };

    private readonly Option<long?> _flowsPerCapture;
    private readonly int? _flowsByDefault;

    private readonly MeteringArguments _metering;

    /// <summary>Adds the options to a command.</summary>
    /// <param name="command">The command.</param>
    /// <param name="flowsByDefault">Flows that are kept of a capture of one class where no option says how many; null for all.</param>
    public DataArguments(Command command, int? flowsByDefault = null)
    {
        _flowsByDefault = flowsByDefault;
        _flowsPerCapture = NumberOption.WholeOrOff(
            "--flows-per-capture", 1, int.MaxValue,
            "Keep this many flows of each capture at most, evenly thinned; off keeps all. Default: "
                + (flowsByDefault == null ? "off." : $"{flowsByDefault} with --benign and --malicious, else off."));
        FileArgument.RejectOptions(_files);
        FileArgument.RejectEmpty(_files, _benign, _malicious, _labels);
        command.Arguments.Add(_files);
        foreach (Option option in new Option[] { _benign, _malicious, _labels, _labelColumn, _positive, _flowsPerCapture })
        {
            command.Options.Add(option);
        }

        _metering = new MeteringArguments(command, judges: false);
    }

    /// <summary>What was typed, checked for sense.</summary>
    /// <exception cref="UsageException">There are no flows, or they do not fit together.</exception>
    public DataChoices ChoicesOf(ParseResult result)
    {
        DataChoices choices = new()
        {
            Files = result.GetValue(_files) ?? [],
            Benign = result.GetValue(_benign) ?? [],
            Malicious = result.GetValue(_malicious) ?? [],
            Labels = result.GetValue(_labels),
            LabelColumn = result.GetValue(_labelColumn)!,
            Positive = result.GetValue(_positive) ?? [],
            FlowsPerCapture = FlowsPerCapture(result),
            Metering = _metering.ChoicesOf(result),
        };
        if (choices.Files.Length + choices.Benign.Length + choices.Malicious.Length == 0)
        {
            throw new UsageException("no flows: name flow tables, or captures with --benign and --malicious, or captures with --labels.");
        }

        if (choices.Labels != null && choices.Files.Length == 0)
        {
            throw new UsageException("--labels: name the captures that it labels.");
        }

        return choices.HasTables && choices.Benign.Length + choices.Malicious.Length > 0
            ? throw new UsageException($"{choices.Files[0]}: tables and captures do not mix; meter the captures to tables first, or give "
                + "--labels if it is a capture.")
            : choices;
    }

    private int? FlowsPerCapture(ParseResult result) => result.GetValue(_flowsPerCapture) switch
    {
        NumberOption.Off => null,
        long typed => (int)typed,
        null => (result.GetValue(_files) ?? []).Length == 0 ? _flowsByDefault : null,
    };

    private static Option<string[]> Files(string name, string description) =>
        new(name) { Description = description, HelpName = "FILE", AllowMultipleArgumentsPerToken = true };
}
