using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using FlowMeter.Engine.Capture;
using FlowMeter.Engine.Flow;
using FlowMeter.Engine.Text;

namespace FlowMeter.Cli.Options;

/// <summary>
/// Options that take a number, all read by <see cref="Quantity"/>. They parse it themselves: the library's own conversion throws where a
/// validator asks for the value of text that is no number.
/// </summary>
internal static class NumberOption
{
    /// <summary>What the word off gives: no bound, no timeout.</summary>
    public const long Off = FlowRules.Never;

    /// <summary>
    /// An option for a whole number from <paramref name="least"/> to <paramref name="most"/>, as 10k or 1M where so many make sense.
    /// </summary>
    public static Option<long?> Whole(string name, long least, long most, string description) =>
        Make(name, "N", description, Quantity.Count, least, most, WholeFrom(least, most));

    /// <summary>An option for a whole number, or the word off, which gives <see cref="Off"/>.</summary>
    public static Option<long?> WholeOrOff(string name, long least, long most, string description) =>
        Make(name, "N", description, Quantity.Count, least, most, WholeFrom(least, most) + ", or off", takesOff: true);

    /// <summary>An option for bytes; a number alone counts in <paramref name="alone"/> bytes.</summary>
    public static Option<long?> Size(string name, string least, string most, string description, long alone = 1) => Make(
        name, "SIZE", description, text => Quantity.Size(text, alone), (long)Quantity.Size(least)!, (long)Quantity.Size(most)!,
        $"a size from {least} to {most}, as 64M, 64MB or 1GiB");

    /// <summary>
    /// An option for a time, in nanoseconds, or the word off, which gives <see cref="Off"/>. 0 is refused: some programs take it for never,
    /// others for at once.
    /// </summary>
    public static Option<long?> Time(string name, string least, string most, string description) =>
        Make(
            name, "TIME", description, Nanoseconds, (long)Nanoseconds(least)!, (long)Nanoseconds(most)!,
            $"a time from {least} to {most}, as 90s, 1h30m or 500ms, or off", takesOff: true);

    /// <summary>An option for a share from 0 to <paramref name="most"/>, as 0.2 or 20%.</summary>
    public static Option<double?> Share(string name, string unit, decimal most, string description) => new(name)
    {
        Description = description,
        HelpName = unit,
        CustomParser = result =>
        {
            if (Quantity.Share(Text(result)) is { } value && value <= most)
            {
                // Through text: the direct conversion may be wrong in the last bit.
                return double.Parse(value.ToString(CultureInfo.InvariantCulture), CultureInfo.InvariantCulture);
            }

            result.AddError(
                string.Create(CultureInfo.InvariantCulture, $"{name} {Text(result)}: is not a share from 0 to {most}, as 0.2 or 20%."));
            return null;
        },
    };

    private static Option<long?> Make(
        string name, string unit, string description, Func<string, decimal?> read, long least, long most, string expected,
        bool takesOff = false) => new(name)
    {
        Description = description,
        HelpName = unit,
        CustomParser = result =>
        {
            string text = Text(result);
            if (takesOff && text == "off")
            {
                return Off;
            }

            decimal? value = read(text);
            if (value >= least && value <= most && value == decimal.Truncate(value.Value))
            {
                return (long)value;
            }

            result.AddError(value == 0 && unit == "TIME"
                ? $"{name} {text}: is no time; write off for never, else a time as 90s or 1h30m."
                : $"{name} {text}: is not {expected}.");
            return null;
        },
    };

    private static decimal? Nanoseconds(string text) =>
        Quantity.Time(text) is { } seconds ? decimal.Round(seconds * CaptureTime.Second) : null;

    private static string WholeFrom(long least, long most) =>
        string.Create(CultureInfo.InvariantCulture, $"a whole number from {least} to {most}{(most >= 10_000 ? ", as 10k or 1M" : "")}");

    private static string Text(ArgumentResult result) => result.Tokens[0].Value;
}
