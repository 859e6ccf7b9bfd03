using System.CommandLine;

namespace FlowMeter.Cli;

/// <summary><c>flowmeter help</c>: the help of the program, or of one command.</summary>
internal static class HelpCommand
{
    public static Command Create()
    {
        Argument<string?> name = new("COMMAND") { Description = "The command to explain; without it, the program.", Arity = ArgumentArity.ZeroOrOne };
        name.CompletionSources.Add(_ => Commands.Root().Subcommands.Where(command => !command.Hidden).Select(command => new System.CommandLine.Completions.CompletionItem(command.Name)));
        Command command = new("help", "Explain the program or one of its commands, as --help does.") { name };
        Examples.Of(command, "flowmeter help read");
        command.SetAction(result => Show(result.GetValue(name), result.InvocationConfiguration));
        return command;
    }

    /// <summary>Prints the help of a command; null for the program's.</summary>
    public static int Show(string? command, InvocationConfiguration configuration)
    {
        ParseResult parsed = Commands.Root().Parse(command == null ? ["--help"] : [command, "--help"]);
        return command == null || (parsed.CommandResult.Command is not RootCommand && !parsed.CommandResult.Command.Hidden)
            ? parsed.Invoke(configuration)
            : throw new UsageException(TypingError.Of(Commands.Root().Parse([command])));
    }
}
