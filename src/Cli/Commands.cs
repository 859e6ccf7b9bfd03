using System.CommandLine;
using FlowMeter.Cli.Bench;
using FlowMeter.Cli.Capture;
using FlowMeter.Cli.Help;
using FlowMeter.Cli.Learn;
using FlowMeter.Cli.Read;

namespace FlowMeter.Cli;

/// <summary>All commands of the program.</summary>
internal static class Commands
{
    public static RootCommand Root()
    {
        RootCommand root = new("FlowMeter turns packets into flows with exact statistics and says of each whether it is benign or malicious.")
        {
            ReadCommand.Create(),
            TrainCommand.Create(),
            EvaluateCommand.Create(),
            ScoreCommand.Create(),
            ReportCommand.Create(),
            CaptureCommand.Create(),
            InterfacesCommand.Create(),
            FeaturesCommand.Create(),
            ModelCommand.Create(),
            ReplayCommand.Create(),
            GenerateCommand.Create(),
            CompletionCommand.Create(),
            HelpCommand.Create(),
            ManualPage.Create(),
        };
        Examples.Of(root, "flowmeter read capture.pcap > flows.csv", "flowmeter read capture.pcap --model model.json -o flows.csv", "flowmeter capture -i eth0 -o flows.csv", "flowmeter features", "flowmeter read --help");
        VersionOption version = root.Options.OfType<VersionOption>().Single();
        version.Action = new VersionText();
        version.Aliases.Add("-V");
        root.SetAction(result => HelpCommand.Show(root, null, result.InvocationConfiguration.Output));
        return root;
    }
}
