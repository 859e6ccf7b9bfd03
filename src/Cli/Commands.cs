using System.CommandLine;
using FlowMeter.Cli.Bench;
using FlowMeter.Cli.Capture;
using FlowMeter.Cli.Collect;
using FlowMeter.Cli.Extract;
using FlowMeter.Cli.Help;
using FlowMeter.Cli.Learn;
using FlowMeter.Cli.Read;
using FlowMeter.Cli.Show;
using FlowMeter.Cli.Top;

namespace FlowMeter.Cli;

/// <summary>All commands of the program.</summary>
internal static class Commands
{
    public static RootCommand Root()
    {
        RootCommand root = new(
            "FlowMeter turns packets into flows with exact statistics and says of each whether it is benign or malicious.")
        {
            new ReadCommand(),
            new ShowCommand(),
            new PacketsCommand(),
            new TrainCommand(),
            new TuneCommand(),
            new EvaluateCommand(),
            new ScoreCommand(),
            new ReportCommand(),
            new CaptureCommand(),
            new TopCommand(),
            new CollectCommand(),
            new InterfacesCommand(),
            new FeaturesCommand(),
            new ModelCommand(),
            new KeyCommand(),
            new ReplayCommand(),
            new GenerateCommand(),
            new CompletionCommand(),
            new HelpCommand(),
            new ManualCommand(),
        };
        Examples.Add(
            root,
            "flowmeter read capture.pcap > flows.csv",
            "flowmeter read capture.pcap --model model.json -o flows.csv",
            "flowmeter capture -i eth0 -o flows.csv",
            "flowmeter top -i eth0",
            "flowmeter features",
            "flowmeter read --help");
        VersionOption version = root.Options.OfType<VersionOption>().Single();
        Option<bool> verbose = new("--verbose", "-v") { Description = "With --version: also what this system has for the sandbox." };
        root.Options.Add(verbose);
        version.Action = new VersionText(verbose);
        version.Aliases.Add("-V");
        root.SetAction(result => HelpCommand.Show(root, null, result.InvocationConfiguration.Output));
        return root;
    }
}
