using System.CommandLine;
using FlowMeter.Cli.Shell;

namespace FlowMeter.Cli.Help;

/// <summary><c>flowmeter manual</c>: the manual page, for scripts/install. It is hidden, since people read what is installed.</summary>
internal sealed class ManualCommand : Command
{
    public ManualCommand()
        : base("manual", "Print the manual page, for scripts/install.")
    {
        Hidden = true;
        Examples.Add(this, "flowmeter manual | man -l -");
        SetAction(result =>
        {
            result.InvocationConfiguration.Output.Write(ManualPage.Format((RootCommand)result.RootCommandResult.Command));
            return ExitCode.Done;
        });
    }
}
