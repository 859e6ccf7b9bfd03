using System.CommandLine;
using System.CommandLine.Completions;
using FlowMeter.Cli.Options;
using FlowMeter.Cli.Shell;

namespace FlowMeter.Cli.Help;

/// <summary><c>flowmeter help</c>: the help of the program, or of one command.</summary>
internal sealed class HelpCommand : Command
{
    private readonly Argument<string?> _name = new("COMMAND")
    {
        Description = "The command to explain; without it, the program.",
        Arity = ArgumentArity.ZeroOrOne,
    };

    public HelpCommand()
        : base("help", "Explain the program or one of its commands, as --help does.")
    {
        _name.CompletionSources.Add(
            context => Shown(context.ParseResult.RootCommandResult.Command).Select(command => new CompletionItem(command.Name)));
        Arguments.Add(_name);
        Examples.Add(this, "flowmeter help read");
        SetAction(
            result => Show((RootCommand)result.RootCommandResult.Command, result.GetValue(_name), result.InvocationConfiguration.Output));
    }

    /// <summary>Prints the help of a command; null for the program's. Returns the exit code.</summary>
    /// <exception cref="UsageException">There is no such command.</exception>
    public static int Show(RootCommand root, string? name, TextWriter to)
    {
        Command command = name == null
            ? root
            : Shown(root).FirstOrDefault(known => known.Name == name) ?? throw new UsageException(TypingError.NoSuchCommand(name, root));
        HelpPage.Write(to, command);
        return ExitCode.Done;
    }

    private static IEnumerable<Command> Shown(Command root) => root.Subcommands.Where(command => !command.Hidden);
}
