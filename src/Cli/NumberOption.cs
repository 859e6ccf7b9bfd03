using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;

namespace FlowMeter.Cli;

/// <summary>
/// Options that take a number. They parse it themselves: the library's own conversion throws where a validator asks for the value of text that is no number.
/// </summary>
internal static class NumberOption
{
    /// <summary>An option for a whole number from <paramref name="least"/> to <paramref name="most"/>.</summary>
    public static Option<long?> Whole(string name, long least, long most, string description) => new(name)
    {
        Description = description,
        HelpName = "N",
        CustomParser = result =>
            long.TryParse(Text(result), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out long value) && value >= least && value <= most
                ? value
                : Wrong<long>(result, name, string.Create(CultureInfo.InvariantCulture, $"a whole number from {least} to {most}")),
    };

    /// <summary>What the word off gives.</summary>
    public const long Off = -1;

    /// <summary>An option for a whole number, or the word off, which gives <see cref="Off"/>.</summary>
    public static Option<long?> WholeOrOff(string name, long least, long most, string description) => new(name)
    {
        Description = description,
        HelpName = "N",
        CustomParser = result =>
            Text(result) == "off" ? Off
            : long.TryParse(Text(result), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out long value) && value >= least && value <= most
                ? value
                : Wrong<long>(result, name, string.Create(CultureInfo.InvariantCulture, $"a whole number from {least} to {most}, or off")),
    };

    /// <summary>An option for a number, with or without decimals, from 0 to <paramref name="most"/>.</summary>
    public static Option<double?> Real(string name, string unit, double most, string description) => new(name)
    {
        Description = description,
        HelpName = unit,
        CustomParser = result =>
            double.TryParse(Text(result), NumberStyles.Float, CultureInfo.InvariantCulture, out double value) && value >= 0 && value <= most
                ? value
                : Wrong<double>(result, name, string.Create(CultureInfo.InvariantCulture, $"a number from 0 to {most}")),
    };

    private static string Text(ArgumentResult result) => result.Tokens[0].Value;

    private static T? Wrong<T>(ArgumentResult result, string name, string expected)
        where T : struct
    {
        result.AddError($"{name} {Text(result)}: is not {expected}.");
        return null;
    }
}
