using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;
using FlowMeter.Cli.Shell;

namespace FlowMeter.Cli.Help;

/// <summary>Gives a command its help, with examples at the end.</summary>
internal static class Examples
{
    public static void Add(Command command, params string[] lines)
    {
        HelpOption? help = command.Options.OfType<HelpOption>().SingleOrDefault();
        if (help == null)
        {
            help = new HelpOption();
            command.Options.Add(help);
        }

        help.Action = new HelpWithExamples(lines);
    }

    /// <summary>The examples of a command.</summary>
    public static IReadOnlyList<string> LinesOf(Command command) =>
        command.Options.OfType<HelpOption>().SingleOrDefault()?.Action is HelpWithExamples help ? help.Lines : [];

    private sealed class HelpWithExamples(string[] lines) : SynchronousCommandLineAction
    {
        public IReadOnlyList<string> Lines => lines;

        public override bool ClearsParseErrors => true;

        public override int Invoke(ParseResult parseResult)
        {
            HelpPage.Write(parseResult.InvocationConfiguration.Output, parseResult.CommandResult.Command);
            return ExitCode.Done;
        }
    }
}
