using System.CommandLine;
using System.CommandLine.Parsing;
using FlowMeter.Cli.Shell;
using FlowMeter.Engine.Output;

namespace FlowMeter.Cli.Options;

/// <summary>Arguments that name files.</summary>
internal static class FileArgument
{
    /// <summary>
    /// Takes a word that looks like an option for a mistyped one, not for a file: "no such file" would lead the user astray, and an output
    /// would be made by that name.
    /// </summary>
    public static void RejectOptions(Argument argument) => argument.Validators.Add(result =>
    {
        foreach (string word in result.Tokens.Select(token => token.Value).Where(word => word.Length > 1 && word[0] == '-'))
        {
            result.AddError(result.Parent is CommandResult { Command: var command }
                ? TypingError.NoSuchOption(word, command)
                : $"{word}: no such option.");
        }
    });

    /// <summary>An empty word, as an unset variable of a script leaves it, is no path.</summary>
    public static void RejectEmpty(params Symbol[] symbols)
    {
        foreach (Symbol symbol in symbols)
        {
            switch (symbol)
            {
                case Argument argument:
                    argument.Validators.Add(result => Check(result, symbol.Name));
                    break;
                case Option option:
                    option.Validators.Add(result => Check(result, symbol.Name));
                    break;
            }
        }
    }

    /// <summary>An output replaces the file of its name, also the one that a link leads to.</summary>
    public static void RejectSame(string option, string? output, string other, string what)
    {
        if (output != null && Place(output) == Place(other) && (output == OutputPath.StandardOutput || !OutputPath.IsStream(output)))
        {
            throw new UsageException($"{option} {output}: is {what}, too; choose another name.");
        }
    }

    /// <summary>An output must not be an input; - is two streams, one read and one written.</summary>
    public static void RejectInput(string option, string? output, string input, string what)
    {
        if (input != OutputPath.StandardOutput)
        {
            RejectSame(option, output, input, what);
        }
    }

    /// <summary>The bytes of files; null if one is a pipe, or not there.</summary>
    public static long? BytesOf(IEnumerable<string> files)
    {
        long bytes = 0;
        foreach (FileInfo file in files.Select(path => new FileInfo(path)))
        {
            if (!file.Exists || file.Length == 0)
            {
                return null;
            }

            bytes += file.Length;
        }

        return bytes;
    }

    private static void Check(SymbolResult result, string name)
    {
        if (result.Tokens.Any(token => token.Value.Length == 0))
        {
            result.AddError($"{name}: the path is empty.");
        }
    }

    private static string Place(string path) => path == OutputPath.StandardOutput ? path : Path.GetFullPath(OutputPath.FollowLinks(path));
}
