using System.CommandLine;
using FlowMeter.Cli.Help;
using FlowMeter.Cli.Options;
using FlowMeter.Engine.Scoring;
using FlowMeter.Learning.Data;

namespace FlowMeter.Cli.Learn;

/// <summary><c>flowmeter tune</c>: a model that is there already, fitted to the user's own network.</summary>
internal sealed class TuneCommand : Command
{
    // A day's flows, evenly thinned, say as much as all of them, in a tenth of the time.
    private const int FlowsOfOneCapture = 10_000;

    private readonly Option<string> _model = new("--model")
    {
        Description = "The model to fit: a FlowMeter JSON file; builtin: the one inside. Default: builtin.",
        HelpName = "PATH",
        DefaultValueFactory = _ => DefaultModel.Name,
    };

    private readonly Option<string[]> _benign = new("--benign")
    {
        Description = "Captures of the network of which every flow is benign: a day and more, best in several files.",
        HelpName = "FILE",
        AllowMultipleArgumentsPerToken = true,
        Required = true,
    };

    private readonly Option<string[]> _malicious = new("--malicious")
    {
        Description = "Captures of which every flow is malicious, beside the malicious flows that the model carries.",
        HelpName = "FILE",
        AllowMultipleArgumentsPerToken = true,
    };

    private readonly Option<long?> _flowsPerCapture = NumberOption.WholeOrOff(
        "--flows-per-capture", 1, int.MaxValue,
        $"Keep this many flows of each capture at most, evenly thinned; off keeps all. Default: {FlowsOfOneCapture}.");

    private readonly Option<Budget?> _budget = VerdictOptions.Budget(
        "Choose the threshold by what false alarms may cost at most: 5% of flows, bytes=5% of bytes, or 20/day. Default: 5%.");

    private readonly Option<string> _output = new("--output", "-o")
    {
        Description = "Where the model goes, as JSON.",
        HelpName = "PATH",
        Required = true,
    };

    private readonly Option<string?> _name = new("--name")
    {
        Description = "What the model is called. Default: the output's name.",
        HelpName = "TEXT",
    };

    private readonly Option<string?> _json = new("--json")
    {
        Description = "Write what to expect, every figure with its interval, to this file, as JSON.",
        HelpName = "PATH",
    };

    private readonly Option<bool> _noSandbox = RunOptions.NoSandbox();

    private readonly Option<bool> _quiet = RunOptions.QuietNotes();

    private readonly MeteringArguments _metering;

    public TuneCommand()
        : base("tune", "Fit a model to your own network: weights by your benign traffic, thresholds by a budget of false alarms.")
    {
        _model.Complete(() => [DefaultModel.Name]);
        FileArgument.RejectEmpty(_model, _benign, _malicious, _output, _json);
        Options.Add(_model);
        Options.Add(_benign);
        Options.Add(_malicious);
        Options.Add(_flowsPerCapture);
        _metering = new MeteringArguments(this, judges: false);
        foreach (Option option in new Option[] { _budget, _output, _name, _json, _noSandbox, _quiet })
        {
            Options.Add(option);
        }

        Examples.Add(
            this,
            "flowmeter tune --benign my-day.pcap --budget 20/day -o mine.json",
            "flowmeter tune --profile extended --benign week/*.pcap --malicious incident.pcap -o mine.json",
            "flowmeter tune --model model.json --benign my-day.pcap --budget bytes=5% -o mine.json");
        SetAction(result => TuneRun.Execute(ChoicesOf(result)));
    }

    /// <summary>What was typed.</summary>
    public TuneChoices ChoicesOf(ParseResult result) => new()
    {
        ModelPath = result.GetValue(_model)!,
        Data = new DataChoices
        {
            Files = [],
            Benign = result.GetValue(_benign) ?? [],
            Malicious = result.GetValue(_malicious) ?? [],
            Labels = null,
            LabelColumn = LabelColumn.DefaultName,
            Positive = [],
            FlowsPerCapture = result.GetValue(_flowsPerCapture) switch
            {
                NumberOption.Off => null,
                long typed => (int)typed,
                null => FlowsOfOneCapture,
            },
            Metering = _metering.ChoicesOf(result),
        },
        Budget = result.GetValue(_budget),
        Output = result.GetValue(_output)!,
        Name = result.GetValue(_name),
        Json = result.GetValue(_json),
        IsSandboxed = !result.GetValue(_noSandbox),
        Quiet = result.GetValue(_quiet),
    };
}
