using System.CommandLine;
using FlowMeter.Cli.Shell;
using FlowMeter.Engine.Anonymization;

namespace FlowMeter.Cli.Help;

/// <summary><c>flowmeter key</c>: a new key for --anonymize.</summary>
internal sealed class KeyCommand : Command
{
    public KeyCommand()
        : base("key", "Print a new key for --anonymize. Who has it can find out the addresses again, so keep it as you keep a password.")
    {
        Examples.Add(this, "(umask 077; flowmeter key > site.key)", "flowmeter read capture.pcap --anonymize site.key -o flows.csv");
        SetAction(result =>
        {
            result.InvocationConfiguration.Output.WriteLine(AnonymizationKey.Create());
            return ExitCode.Done;
        });
    }
}
