using System.Collections;
using System.CommandLine;
using System.Globalization;
using System.Reflection;
using System.Runtime.ExceptionServices;
using FlowMeter.Cli;
using FlowMeter.Cli.Learn;

namespace FlowMeter.Tests.Cli;

/// <summary>Command lines, parsed and refused as the program does it, without a process.</summary>
internal static class CommandLine
{
    /// <summary>Parses a line; words are parted by blanks.</summary>
    public static ParseResult Parse(string line) =>
        Commands.Root().Parse(FilesFirst.Reorder(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)));

    /// <summary>What a line chooses.</summary>
    public static T ChoicesOf<T>(string line) => (T)ChoicesOf(Parse(line));

    /// <summary>The words given change this choice to this value; a line that lacks a required option makes no choices.</summary>
    public static void AssertTaken(string bare, string words, string member, string value)
    {
        if (Parse(bare).Errors.Count == 0)
        {
            Assert.NotEqual(value, Shown(bare, member));
        }

        Assert.Equal(value, Shown($"{bare} {words}", member));
    }

    /// <summary>A line gives this choice this value.</summary>
    public static string Shown(string line, string member)
    {
        object? at = ChoicesOf(Parse(line));
        foreach (string name in member.Split('.'))
        {
            at = at!.GetType().GetProperty(name)!.GetValue(at);
        }

        return Text(at);
    }

    /// <summary>The words given make the command print this.</summary>
    public static void AssertPrinted(string bare, string words, string text)
    {
        Assert.DoesNotContain(text, Run(bare).Output, StringComparison.Ordinal);
        (int code, string output, string error) = Run($"{bare} {words}");
        Assert.Equal((0, ""), (code, error));
        Assert.Contains(text, output, StringComparison.Ordinal);
    }

    /// <summary>The whole command says this one line and ends with this code.</summary>
    public static void AssertRefused(string line, string message, int code = 2) =>
        Assert.Equal((code, "", $"flowmeter: {message}\n"), Run(line));

    /// <summary>Runs a whole command.</summary>
    public static (int Code, string Output, string Error) Run(string line)
    {
        using StringWriter output = new() { NewLine = "\n" };
        using StringWriter error = new() { NewLine = "\n" };
        int code = Program.Run(line.Split(' ', StringSplitOptions.RemoveEmptyEntries), output, error);
        return (code, output.ToString(), error.ToString());
    }

    private static object ChoicesOf(ParseResult parsed)
    {
        Assert.Empty(parsed.Errors);
        try
        {
            Command command = parsed.CommandResult.Command;
            return command.GetType().GetMethod("ChoicesOf")!.Invoke(command, [parsed])!;
        }
        catch (TargetInvocationException e)
        {
            ExceptionDispatchInfo.Throw(e.InnerException!);
            throw;
        }
    }

    private static string Text(object? value) => value switch
    {
        null => "null",
        string text => text,
        IDictionary pairs => string.Join(' ', pairs.Keys.Cast<object>().Select(key => $"{Text(key)}={Text(pairs[key])}")),
        IEnumerable list => string.Join(' ', list.Cast<object?>().Select(Text)),
        IFormattable number => number.ToString(null, CultureInfo.InvariantCulture),
        _ => value.ToString()!,
    };
}
