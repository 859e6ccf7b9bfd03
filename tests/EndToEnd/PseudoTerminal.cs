using System.Diagnostics;
using System.Globalization;

namespace FlowMeter.Tests.EndToEnd;

/// <summary>The binary on a terminal of its own, by script(1): all that it writes is its output, as the terminal got it.</summary>
internal static class PseudoTerminal
{
    /// <summary>
    /// The command that starts it, under a shell that outlives an interrupt whichever shell it is, as one with a prompt does.
    /// </summary>
    /// <param name="locale">LC_ALL.</param>
    /// <param name="arguments">A line of a shell behind the program's name.</param>
    public static string[] Command(string locale, string arguments) =>
    [
        "env", $"LC_ALL={locale}", "TERM=xterm-256color", "script", "-qec", string.Create(
            CultureInfo.InvariantCulture,
            $"trap : INT; stty cols 80 -echo; {FlowMeterBinary.Path} {arguments}; code=$?; printf 'PROMPT'; exit $code"), "/dev/null",
    ];

    /// <summary>Starts it.</summary>
    /// <param name="locale">LC_ALL.</param>
    /// <param name="arguments">A line of a shell behind the program's name.</param>
    public static Launched Start(string locale, string arguments) =>
        Command(locale, arguments) is [var first, .. var others] ? Launched.Start(first, others) : throw new UnreachableException();

    /// <summary>Runs it to its end; its standard input ends at once.</summary>
    public static Finished Run(string locale, string arguments) => Start(locale, arguments).Finish();
}
