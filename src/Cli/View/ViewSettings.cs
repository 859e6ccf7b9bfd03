using System.Globalization;
using FlowMeter.Cli.Shell;

namespace FlowMeter.Cli.View;

/// <summary>How a table for people is drawn.</summary>
/// <param name="Width">The columns that a line has at most; 0: no bound, nothing is cut.</param>
/// <param name="HasColour">Whether verdicts are coloured.</param>
/// <param name="HasUnicode">Whether more than ASCII may be shown.</param>
internal sealed record ViewSettings(int Width, bool HasColour, bool HasUnicode)
{
    /// <summary>Narrower ones show nothing that makes sense.</summary>
    private const int MinWidth = 40;
    private const int MaxWidth = 1000;
    private const int DefaultWidth = 80;

    /// <summary>What the terminal takes, or a file, which has no edge. To be asked before a sandbox forbids that.</summary>
    /// <param name="color">What was typed behind --color.</param>
    /// <param name="output">Where the table goes.</param>
    public static ViewSettings Of(string color, string output)
    {
        bool isTerminal = output == "-" && Terminal.IsOutputTerminal;
        return new ViewSettings(
            WidthOf(Environment.GetEnvironmentVariable("COLUMNS"), isTerminal ? Terminal.OutputWidth ?? DefaultWidth : 0),
            IsColoured(color, isTerminal, Environment.GetEnvironmentVariable), Terminal.HasUnicode);
    }

    /// <summary>The width by the variable COLUMNS, if it has a number, else the one that is known.</summary>
    public static int WidthOf(string? columns, int known) =>
        int.TryParse(columns, CultureInfo.InvariantCulture, out int width) && width > 0 ? Math.Clamp(width, MinWidth, MaxWidth)
        : known == 0 ? 0
        : Math.Max(known, MinWidth);

    /// <summary>Whether there are colours: as told, else on a terminal that has them, unless NO_COLOR has a value.</summary>
    /// <param name="color">always, never or auto.</param>
    /// <param name="isTerminal">Whether the table goes to a terminal.</param>
    /// <param name="variable">Gives the value of a variable of the environment; null where it is not set.</param>
    public static bool IsColoured(string color, bool isTerminal, Func<string, string?> variable) => color switch
    {
        ColorOption.Always => true,
        ColorOption.Never => false,
        _ => isTerminal && string.IsNullOrEmpty(variable("NO_COLOR")) && variable("TERM") is not (null or "" or "dumb"),
    };
}
