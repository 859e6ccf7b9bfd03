using System.Globalization;

namespace FlowMeter.Cli.Shell;

/// <summary>Numbers as people read them, in at most seven columns: two digits or three, and a unit.</summary>
internal static class ShortNumber
{
    private const double Minute = 60;
    private const double Hour = 3600;
    private const double Day = 86_400;
    private const double ExactBelow = 100_000;

    private static readonly string[] s_sizes = ["B", "kB", "MB", "GB", "TB", "PB", "EB"];
    private static readonly string[] s_counts = ["", " k", " M", " G", " T", " P", " E"];

    /// <summary>Bytes, in powers of 1000: 1.2 MB.</summary>
    public static string Bytes(double bytes) => Scaled(bytes, s_sizes, " ", 1000);

    /// <summary>A count: exact below 100,000, then as 120 k or 1.2 M.</summary>
    public static string Count(double count) => count < ExactBelow && count == Math.Truncate(count)
        ? count.ToString("0", CultureInfo.InvariantCulture)
        : Scaled(count, s_counts, "", 1000);

    /// <summary>A duration in at most five columns: 12 µs, 34 ms, 0.3 s, 3.4 s, 2.5 m, 1.2 h, 3.0 d.</summary>
    public static string Seconds(double seconds, bool hasUnicode) => seconds switch
    {
        0 => "0 s",
        < 99.5e-9 => Rounded(seconds * 1e9, "ns"),
        < 99.5e-6 => Rounded(seconds * 1e6, hasUnicode ? "µs" : "us"),
        < 99.5e-3 => Rounded(seconds * 1e3, "ms"),
        < 2 * Minute => Rounded(seconds, "s"),
        < 2 * Hour => Rounded(seconds / Minute, "m"),
        < 2 * Day => Rounded(seconds / Hour, "h"),
        _ => Rounded(seconds / Day, "d"),
    };

    /// <summary>Any number in five or six columns: three digits behind the point at most.</summary>
    public static string Plain(double number) => number == Math.Truncate(number) && Math.Abs(number) < 1e15
        ? number.ToString("0", CultureInfo.InvariantCulture)
        : Math.Abs(number) is >= 0.001 and < 1e15
            ? number.ToString(Math.Abs(number) < 10 ? "0.000" : "0.0", CultureInfo.InvariantCulture)
        : number.ToString("0.0e+0", CultureInfo.InvariantCulture);

    private static string Scaled(double value, string[] units, string blank, double step)
    {
        int unit = 0;

        // 999.6 is 1000 as it would be shown, and so the next unit's 1.0.
        for (; unit < units.Length - 1 && value >= step - 0.5; unit++)
        {
            value /= step;
        }

        return unit == 0 && value == Math.Truncate(value)
            ? value.ToString("0", CultureInfo.InvariantCulture) + blank + units[0]
            : Rounded(value, units[unit].Trim());
    }

    private static string Rounded(double value, string unit) =>
        value.ToString(value < 9.95 ? "0.0" : "0", CultureInfo.InvariantCulture) + (unit.Length == 0 ? "" : " ") + unit;
}
