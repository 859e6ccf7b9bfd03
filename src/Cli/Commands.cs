using System.CommandLine;
using System.CommandLine.Invocation;
using System.Reflection;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using FlowMeter.Engine.Scoring;

namespace FlowMeter.Cli;

/// <summary>All commands of the program.</summary>
internal static class Commands
{
    public static RootCommand Root()
    {
        RootCommand root = new("FlowMeter turns packets into flows with exact statistics and says of each whether it is benign or malicious.")
        {
            ReadCommand.Create(),
            CaptureCommand.Create(),
            InterfacesCommand.Create(),
            FeaturesCommand.Create(),
            ReplayCommand.Create(),
            GenerateCommand.Create(),
            CompletionCommand.Create(),
        };
        Examples.Of(root, "flowmeter read capture.pcap > flows.csv", "flowmeter read capture.pcap --model model.json -o flows.csv", "flowmeter capture -i eth0 -o flows.csv", "flowmeter features", "flowmeter read --help");
        VersionOption version = root.Options.OfType<VersionOption>().Single();
        version.Action = new VersionAction();
        return root;
    }

    private sealed class VersionAction : SynchronousCommandLineAction
    {
        public override int Invoke(ParseResult parseResult)
        {
            string version = typeof(Commands).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion.Split('+')[0];
            string compiled = RuntimeFeature.IsDynamicCodeCompiled ? "just in time" : "native";
            parseResult.InvocationConfiguration.Output.WriteLine(
                $"flowmeter {version} ({RuntimeInformation.RuntimeIdentifier}, {compiled}, {Scorer.Width * 64}-bit vectors)");
            return ExitCode.Done;
        }
    }
}
