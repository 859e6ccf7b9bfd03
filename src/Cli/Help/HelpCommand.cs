using System.CommandLine;
using System.CommandLine.Completions;
using FlowMeter.Cli.Options;
using FlowMeter.Cli.Shell;

namespace FlowMeter.Cli.Help;

/// <summary><c>flowmeter help</c>: the help of the program, or of one command.</summary>
internal static class HelpCommand
{
    public static Command Create()
    {
        Argument<string?> name = new("COMMAND") { Description = "The command to explain; without it, the program.", Arity = ArgumentArity.ZeroOrOne };
        name.CompletionSources.Add(context => Shown(context.ParseResult.RootCommandResult.Command).Select(command => new CompletionItem(command.Name)));
        Command command = new("help", "Explain the program or one of its commands, as --help does.") { name };
        Examples.Of(command, "flowmeter help read");
        command.SetAction(result => Show((RootCommand)result.RootCommandResult.Command, result.GetValue(name), result.InvocationConfiguration.Output));
        return command;
    }

    /// <summary>Prints the help of a command; null for the program's.</summary>
    /// <exception cref="UsageException">There is no such command.</exception>
    public static int Show(RootCommand root, string? name, TextWriter to)
    {
        HelpPage.Write(to, name == null ? root : Shown(root).FirstOrDefault(command => command.Name == name) ?? throw new UsageException(TypingError.NoSuchCommand(name, root)));
        return ExitCode.Done;
    }

    private static IEnumerable<Command> Shown(Command root) => root.Subcommands.Where(command => !command.Hidden);
}
