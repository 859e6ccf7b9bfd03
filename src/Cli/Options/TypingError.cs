using System.CommandLine;
using System.CommandLine.Parsing;

namespace FlowMeter.Cli.Options;

/// <summary>A command line that can not be parsed, in one sentence, with what was probably meant and where to read on.</summary>
internal static class TypingError
{
    /// <summary>The sentence.</summary>
    public static string Describe(ParseResult parsed)
    {
        Command command = parsed.CommandResult.Command;
        string[] words = [.. parsed.Tokens.Select(token => token.Value)];
        return command is RootCommand root && parsed.UnmatchedTokens is [string first, ..]
            ? AtRoot(root, first, words)
            : Sentence(Within(parsed, command), command is RootCommand ? null : command);
    }

    /// <summary>That a command has no such option, and which was meant.</summary>
    public static string NoSuchOption(string word, Command command)
    {
        string name = word.Split('=', ':')[0];
        return command.Parents.OfType<RootCommand>().SelectMany(root => root.Subcommands)
            .FirstOrDefault(other => !other.Hidden && Names(other).Contains(name)) is { } owner
            ? $"{name}: no such option of flowmeter {command.Name}; flowmeter {owner.Name} has it."
            : NearestWord.Find(name, Names(command)) is { } nearest ? $"{name}: no such option; did you mean {nearest}?"
            : $"{name}: no such option; a file of that name is written ./{name}.";
    }

    /// <summary>That the program has no such command, and which was meant.</summary>
    public static string NoSuchCommand(string word, RootCommand root) => AtRoot(root, word, [word]);

    private static string AtRoot(RootCommand root, string word, string[] words)
    {
        Command[] commands = [.. root.Subcommands.Where(command => !command.Hidden)];
        if (word.StartsWith('-') && word.Length > 1)
        {
            string name = word.Split('=', ':')[0];
            Command? owner = commands.FirstOrDefault(command => Names(command).Contains(name));
            return owner != null
                ? Sentence($"{name}: is an option of a command; did you mean flowmeter {owner.Name} {string.Join(' ', words)}?", owner)
                : Sentence(
                    NearestWord.Find(name, Names(root)) is { } option
                        ? $"{name}: no such option; did you mean {option}?"
                        : $"{name}: no such option.",
                    null);
        }

        if (NearestWord.Find(word, commands.Select(command => command.Name)) is { } nearest)
        {
            return Sentence($"{word}: no such command; did you mean {nearest}?", commands.First(command => command.Name == nearest));
        }

        if (word == "-" || word.AsSpan().ContainsAny('.', '/') || File.Exists(word))
        {
            string reader = word.EndsWith(".csv", StringComparison.OrdinalIgnoreCase) ? "report" : "read";
            return Sentence(
                $"{word}: is no command; did you mean flowmeter {reader} {string.Join(' ', words)}?",
                commands.First(command => command.Name == reader));
        }

        return Sentence($"{word}: no such command.", null);
    }

    /// <summary>The error that explains the others: a mistyped option makes its value one file too many.</summary>
    private static string Within(ParseResult parsed, Command command)
    {
        if (parsed.Errors.FirstOrDefault(error => error.Message.Contains("no such option", StringComparison.Ordinal)) is { } mistyped)
        {
            return mistyped.Message;
        }

        if (parsed.UnmatchedTokens is [string word, ..])
        {
            return word.StartsWith('-') && word.Length > 1 ? NoSuchOption(word, command) : $"{word}: is one word too many.";
        }

        ParseError error = parsed.Errors[0];
        return error.SymbolResult switch
        {
            CommandResult or ArgumentResult { Parent: CommandResult } when Missing(parsed) is { } argument =>
                $"{argument.Name} is missing: {argument.Description}",
            _ => error.Message,
        };
    }

    private static Argument? Missing(ParseResult parsed) =>
        parsed.CommandResult.Command.Arguments.FirstOrDefault(
            argument => argument.Arity.MinimumNumberOfValues > 0 && parsed.GetResult(argument) is null or { Tokens.Count: 0 });

    private static IEnumerable<string> Names(Command command) =>
        command.Options.Where(option => !option.Hidden).SelectMany(option => option.Aliases.Prepend(option.Name)).Where(
            name => name.StartsWith('-'));

    private static string Sentence(string text, Command? command)
    {
        string whole = text.TrimEnd();
        return $"{whole}{(whole[^1] is '.' or '?' ? "" : ".")} See flowmeter {(command == null ? "" : command.Name + " ")}--help";
    }
}
