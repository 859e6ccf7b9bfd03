using System.CommandLine;
using FlowMeter.Cli.Help;
using FlowMeter.Cli.Options;
using FlowMeter.Engine.Brokers;
using FlowMeter.Engine.Output;

namespace FlowMeter.Cli.Collect;

/// <summary><c>flowmeter collect</c>: what sensors publish in, tables of all of them out.</summary>
internal sealed class CollectCommand : Command
{
    private readonly Option<BrokerAddress?> _from = BrokerOptions.From();

    private readonly Option<string> _output = new("--output", "-o")
    {
        Description = "Where the tables go: files, whose name may have the time (flows-%Y%m%dT%H%M%S.parquet, in UTC), and ends with .csv, "
            + ".jsonl, .parquet, .arrows or .arrow. Beside them is PATH.journal, by which no row is lost or there twice.",
        HelpName = "PATH",
        Required = true,
    };

    private readonly Option<string[]> _rotate = RunOptions.Rotate();

    private readonly Option<bool> _noSandbox = RunOptions.NoSandbox();

    private readonly Option<bool> _quiet = RunOptions.Quiet();

    public CollectCommand()
        : base("collect", "Write what sensors publish (capture --to) as tables, the sensor's name in front of every row.")
    {
        FileArgument.RejectEmpty(_output);
        foreach (Option option in new Option[] { _from, _output, _rotate, _noSandbox, _quiet })
        {
            Options.Add(option);
        }

        Examples.Add(
            this,
            "flowmeter collect --from nats://broker.example/flows --rotate 1h -o flows-%Y%m%dT%H%M%S.parquet",
            "flowmeter collect --from 'tls://n1.example,n2.example,n3.example/flows.>' --rotate 5m,1GB -o flows-%Y%m%dT%H%M%S.jsonl");
        SetAction(result => CollectRun.Execute(ChoicesOf(result)));
    }

    /// <summary>What was typed.</summary>
    public CollectChoices ChoicesOf(ParseResult result) => new()
    {
        From = result.GetValue(_from)!,
        Output = result.GetValue(_output)!,
        Rotation = Rotation.Parse(result.GetValue(_rotate) ?? []),
        IsSandboxed = !result.GetValue(_noSandbox),
        Quiet = result.GetValue(_quiet),
    };
}
