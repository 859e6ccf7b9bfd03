using System.Text;
using FlowMeter.Native;

namespace FlowMeter.Cli.Shell;

/// <summary>
/// Standard output and error as text. What .NET has for them, also the streams below Console.Out and Console.Error, switches a terminal to
/// its keypad mode at the first use; these write what they are given, nothing else.
/// </summary>
internal static class Terminal
{
    private static readonly string[] s_localeVariables = ["LC_ALL", "LC_CTYPE", "LANG"];

    /// <summary>Standard error, in UTF-8. Writing to it never waits and never fails.</summary>
    public static LogWriter Error { get; } = new(OperatingSystem.IsWindows() ? Console.OpenStandardError() : new StandardErrorStream());

    /// <summary>Standard output, in UTF-8.</summary>
    public static TextWriter Out { get; } =
        Plain(OperatingSystem.IsWindows() ? Console.OpenStandardOutput() : new TerminalStream(Error));

    /// <summary>Whether a person looks at standard error.</summary>
    public static bool IsWatched => !Console.IsErrorRedirected;

    /// <summary>Whether standard output is a terminal.</summary>
    public static bool IsOutputTerminal => !Console.IsOutputRedirected;

    /// <summary>The columns of the terminal that standard output is; null where it is none or does not say.</summary>
    public static int? OutputWidth => TerminalSize.ColumnsOf(descriptor: 1);

    /// <summary>Whether lines may be drawn with more than ASCII: not where the locale is C or POSIX, or another than UTF-8.</summary>
    public static bool HasUnicode { get; } = IsUnicode(Environment.GetEnvironmentVariable);

    /// <summary>What the locale says, by locale(7): the first of three variables that has a value.</summary>
    /// <param name="variable">Gives the value of a variable of the environment; null where it is not set.</param>
    public static bool IsUnicode(Func<string, string?> variable)
    {
        string locale = s_localeVariables.Select(variable).FirstOrDefault(value => !string.IsNullOrEmpty(value)) ?? "C";
        return locale.Contains("UTF-8", StringComparison.OrdinalIgnoreCase) || locale.Contains("UTF8", StringComparison.OrdinalIgnoreCase);
    }

    private static TextWriter Plain(Stream stream) =>
        TextWriter.Synchronized(new StreamWriter(stream, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false)) { AutoFlush = true });
}
