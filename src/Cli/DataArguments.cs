using System.CommandLine;
using FlowMeter.Engine.Metering;
using FlowMeter.Engine.Observe;
using FlowMeter.Learning.Data;

namespace FlowMeter.Cli;

/// <summary>The options that say which labelled flows there are, for the commands that train and evaluate.</summary>
internal sealed class DataArguments
{
    private readonly Argument<string[]> _files = new("FILE")
    {
        Description = "Flow tables (CSV) with a label column; with --labels, captures.",
        Arity = ArgumentArity.ZeroOrMore,
    };

    private readonly Option<string[]> _benign = Files("--benign", "Captures of which every flow is benign.");
    private readonly Option<string[]> _malicious = Files("--malicious", "Captures of which every flow is malicious.");

    private readonly Option<string?> _labels = new("--labels")
    {
        Description = "Labels by flow for captures: lines of file, protocol, src, sport, dst, dport, first time, label, with tabs between.",
        HelpName = "FILE",
    };

    private readonly Option<string> _labelColumn = new("--label-column") { Description = "The column of a table that holds the label. Default: label.", HelpName = "NAME", DefaultValueFactory = _ => LabelColumn.DefaultName };

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
    /// <param name="flowsByDefault">Flows that are kept of a capture of one class where nobody says how many; null for all.</param>
    public DataArguments(Command command, int? flowsByDefault = null)
    {
        _flowsByDefault = flowsByDefault;
        _flowsPerCapture = NumberOption.WholeOrOff("--flows-per-capture", 1, int.MaxValue, "Keep this many flows of each capture at most, evenly thinned; off keeps all. Default: " + (flowsByDefault == null ? "off." : $"{flowsByDefault} with --benign and --malicious, else off."));
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
    public DataChoices Read(ParseResult result)
    {
        DataChoices choices = new(
            result.GetValue(_files) ?? [],
            result.GetValue(_benign) ?? [],
            result.GetValue(_malicious) ?? [],
            result.GetValue(_labels),
            result.GetValue(_labelColumn)!,
            result.GetValue(_positive) ?? [],
            FlowsPerCapture(result),
            _metering.Read(result));
        if (choices.Files.Length + choices.Benign.Length + choices.Malicious.Length == 0)
        {
            throw new UsageException("no flows: name flow tables, or captures with --benign and --malicious, or captures with --labels.");
        }

        if (choices.Labels != null && choices.Files.Length == 0)
        {
            throw new UsageException("--labels: name the captures that it labels.");
        }

        return choices.HasTables && choices.Benign.Length + choices.Malicious.Length > 0
            ? throw new UsageException($"{choices.Files[0]}: tables and captures do not mix; meter the captures to tables first, or give --labels if it is a capture.")
            : choices;
    }

    private int? FlowsPerCapture(ParseResult result) => result.GetValue(_flowsPerCapture) switch
    {
        NumberOption.Off => null,
        long typed => (int)typed,
        null => (result.GetValue(_files) ?? []).Length == 0 ? _flowsByDefault : null,
    };

    private static Option<string[]> Files(string name, string description) => new(name) { Description = description, HelpName = "FILE", AllowMultipleArgumentsPerToken = true };
}

/// <summary>The labelled flows as they were typed.</summary>
internal sealed record DataChoices(
    string[] Files,
    string[] Benign,
    string[] Malicious,
    string? Labels,
    string LabelColumn,
    string[] Positive,
    int? FlowsPerCapture,
    MeteringChoices Metering)
{
    /// <summary>Whether the files are tables.</summary>
    public bool HasTables => Labels == null && Files.Length > 0;

    /// <summary>All files, in order.</summary>
    public IReadOnlyList<string> Sources => [.. Benign, .. Malicious, .. Files];

    /// <summary>Reads tables.</summary>
    /// <param name="forced">Columns to take whatever they are called.</param>
    /// <param name="modelFeatures">Chooses a model's features for the first table's columns; null for all columns.</param>
    /// <param name="notes">Told what is left out, and how far it is.</param>
    /// <param name="stop">Ends the reading.</param>
    public DataSet ReadTables(IReadOnlyCollection<string> forced, Func<TableColumns, IReadOnlyList<string>>? modelFeatures, Notes notes, CancellationToken stop)
    {
        TableData tables = new(new LabelColumn(LabelColumn, Positive), forced, modelFeatures, notes.Tell);
        InputProgress read = new();
        long? bytes = FileArgument.BytesOf(Files);
        using ProgressLine? line = notes.Show("rows", () => (tables.Rows, ProgressLine.ShareOf(read, bytes)));
        DataSet data = tables.Read(Files, read, stop);
        return FlowsPerCapture is int most ? data.WithRows(data.Thinned(most)) : data;
    }

    /// <summary>Meters captures.</summary>
    /// <param name="plan">How.</param>
    /// <param name="decideAfter">Packets of a flow whose features are taken; null for all.</param>
    /// <param name="notes">Told what is left out, and how far it is.</param>
    /// <param name="stop">Ends the metering.</param>
    public DataSet ReadCaptures(MeteringPlan plan, int? decideAfter, Notes notes, CancellationToken stop)
    {
        foreach (string capture in Sources)
        {
            Savefile.Check(capture);
        }

        if (decideAfter != null && plan.Profile.KeepsHistory)
        {
            throw new UsageException($"--decide-after: profile {plan.Profile.Name} keeps lists of packets, not sums, so there is no flow as of its N-th packet; take another --profile.");
        }

        FlowLabels? labels = Labels == null ? null : FlowLabels.Load(Labels);
        MeteringOptions options = plan.Options with { Flow = plan.Options.Flow with { DecideAfter = decideAfter } };
        LabelledCapture[] captures =
        [
            .. Benign.Select(path => new LabelledCapture(path, false)),
            .. Malicious.Select(path => new LabelledCapture(path, true)),
            .. Files.Select(path => new LabelledCapture(path, null)),
        ];
        CaptureData data = new(plan.Profile, options, labels, FlowsPerCapture, notes.Tell);
        InputProgress read = new();
        long? bytes = FileArgument.BytesOf(Sources);
        using ProgressLine? line = notes.Show("packets", () => (data.Packets, ProgressLine.ShareOf(read, bytes)));
        return data.Read(captures, read, stop);
    }
}
