using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;

namespace FlowMeter.Cli;

/// <summary>Puts examples at the end of a command's help.</summary>
internal static class Examples
{
    public static void Of(Command command, params string[] lines)
    {
        HelpOption? help = command.Options.OfType<HelpOption>().SingleOrDefault();
        if (help == null)
        {
            help = new HelpOption();
            command.Options.Add(help);
        }

        help.Action = new HelpWithExamples((HelpAction)help.Action!, lines);
    }

    /// <summary>The examples of a command.</summary>
    public static IReadOnlyList<string> LinesOf(Command command) =>
        command.Options.OfType<HelpOption>().SingleOrDefault()?.Action is HelpWithExamples help ? help.Lines : [];

    private sealed class HelpWithExamples(HelpAction help, string[] lines) : SynchronousCommandLineAction
    {
        public IReadOnlyList<string> Lines => lines;

        public override int Invoke(ParseResult parseResult)
        {
            int code = help.Invoke(parseResult);
            TextWriter output = parseResult.InvocationConfiguration.Output;
            output.WriteLine("Examples:");
            foreach (string line in lines)
            {
                output.WriteLine($"  {line}");
            }

            output.WriteLine();
            return code;
        }
    }
}
