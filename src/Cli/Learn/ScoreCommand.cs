using System.CommandLine;
using FlowMeter.Cli.Help;
using FlowMeter.Cli.Options;
using FlowMeter.Cli.Shell;
using FlowMeter.Engine.Scoring;

namespace FlowMeter.Cli.Learn;

/// <summary><c>flowmeter score</c>: score and verdict for the rows of a table that is there already.</summary>
internal sealed class ScoreCommand : Command
{
    private readonly Argument<string> _table = new("FILE")
    {
        Description = "The flow table: CSV, JSON Lines, also as .gz or .zst, or Parquet; - for standard input.",
    };

    private readonly Option<string> _model = new("--model")
    {
        Description = "The model: a FlowMeter JSON file; builtin: the one inside that fits the table. Default: builtin.",
        HelpName = "PATH",
        DefaultValueFactory = _ => DefaultModel.Name,
    };

    private readonly Option<ScoreBand?> _threshold = VerdictOptions.Threshold();

    private readonly Option<Budget?> _budget = VerdictOptions.BudgetOfModel();

    private readonly Option<long?> _explain = VerdictOptions.Explain();

    private readonly Option<string> _output = new("--output", "-o")
    {
        Description = "Where the table goes; - for standard output. Default: -.",
        HelpName = "PATH",
        DefaultValueFactory = _ => "-",
    };

    private readonly Option<bool> _noSandbox = RunOptions.NoSandbox();

    private readonly Option<bool> _quiet = RunOptions.QuietNotes();

    public ScoreCommand()
        : base("score", "Give score and verdict to the rows of a flow table, replacing those that are there.")
    {
        _model.Complete(() => [DefaultModel.Name]);
        FileArgument.RejectOptions(_table);
        FileArgument.RejectEmpty(_table, _model, _output);
        Arguments.Add(_table);
        Options.Add(_model);
        Options.Add(_threshold);
        Options.Add(_budget);
        Options.Add(_explain);
        Options.Add(_output);
        Options.Add(_noSandbox);
        Options.Add(_quiet);
        Examples.Add(
            this,
            "flowmeter score flows.csv -o judged.csv",
            "flowmeter score flows.csv --model model.json -o judged.csv",
            "zcat flows.csv.gz | flowmeter score - --model model.json | gzip > judged.csv.gz");
        SetAction(result => ScoreRun.Execute(ChoicesOf(result)));
    }

    /// <summary>What was typed, checked for sense.</summary>
    /// <exception cref="UsageException">The table would replace itself.</exception>
    public ScoreChoices ChoicesOf(ParseResult result)
    {
        ScoreChoices choices = new()
        {
            Table = result.GetValue(_table)!,
            ModelPath = result.GetValue(_model)!,
            Threshold = result.GetValue(_threshold),
            Budget = result.GetValue(_budget),
            Explain = (int)(result.GetValue(_explain) ?? 0),
            Output = result.GetValue(_output)!,
            IsSandboxed = !result.GetValue(_noSandbox),
            Quiet = result.GetValue(_quiet),
        };
        FileArgument.RejectInput("-o", choices.Output, choices.Table, "the table itself");
        return choices;
    }
}
