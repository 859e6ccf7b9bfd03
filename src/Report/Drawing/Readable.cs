using System.Globalization;

namespace FlowMeter.Report.Drawing;

/// <summary>Numbers and file names as text for people. A no-break space separates number and unit.</summary>
internal static class Readable
{
    private const string Space = "\u00A0";
    private static readonly string[] s_large = ["", "k", "M", "G", "T", "P", "E"];
    private static readonly (double Seconds, string Unit)[] s_times =
        [(86400, "d"), (3600, "h"), (60, "min"), (1, "s"), (1e-3, "ms"), (1e-6, "µs"), (1e-9, "ns")];

    /// <summary>All digits, in groups of three.</summary>
    public static string Count(double value) => value.ToString("#,0", CultureInfo.InvariantCulture);

    /// <summary>A number of things: the noun gets an s unless it is 1.</summary>
    public static string Count(double value, string noun) => $"{Count(value)}{Space}{noun}{(value == 1 ? "" : "s")}";

    /// <summary>Three digits and a letter: 12.3 k.</summary>
    public static string Short(double value) => Math.Abs(value) < 10_000 ? Digits(value, 3) : Large(value, 1000, "");

    /// <summary>Bytes in decimal units: 12.3 MB.</summary>
    public static string Bytes(double value) => Math.Abs(value) < 1000 ? $"{Digits(value, 3)}{Space}B" : Large(value, 1000, "B");

    /// <summary>A time span in seconds, in the unit that fits.</summary>
    public static string Time(double seconds)
    {
        if (seconds == 0)
        {
            return $"0{Space}s";
        }

        (double size, string unit) = s_times.FirstOrDefault(time => Math.Abs(seconds) >= time.Seconds * 0.9999999, s_times[^1]);
        return $"{Digits(seconds / size, 3)}{Space}{unit}";
    }

    /// <summary>A share in percent, with more digits where fewer would round it to 0 or 100 %.</summary>
    public static string Percent(double? share)
    {
        if (share is not double value || !double.IsFinite(value))
        {
            return "–";
        }

        double percent = 100 * value;
        if (value is 0 or 1)
        {
            return $"{percent.ToString("0", CultureInfo.InvariantCulture)}{Space}%";
        }

        for (int digits = 1; digits <= 4; digits++)
        {
            double rounded = Math.Round(percent, digits);
            if (rounded != 0 && rounded != 100)
            {
                return $"{rounded.ToString("F" + digits, CultureInfo.InvariantCulture)}{Space}%";
            }
        }

        return percent < 50 ? $"<{Space}0.0001{Space}%" : $">{Space}99.9999{Space}%";
    }

    /// <summary>A figure between 0 and 1, three decimals; four where three would read as 1.</summary>
    public static string Figure(double? value) => value is not double figure || !double.IsFinite(figure)
        ? "–"
        : figure.ToString(figure is > 0.9995 and < 1 ? "0.0000" : "0.000", CultureInfo.InvariantCulture);

    /// <summary>A number rounded to this many significant digits.</summary>
    public static string Digits(double value, int digits)
    {
        if (value == 0 || !double.IsFinite(value))
        {
            return value == 0 ? "0" : "–";
        }

        double size = Math.Floor(Math.Log10(Math.Abs(value)));
        if (size < -4)
        {
            double mantissa = Math.Round(value / Math.Pow(10, size), digits - 1);
            string power = Superscript((int)size);
            return mantissa == 1 ? "10" + power : $"{mantissa.ToString(CultureInfo.InvariantCulture)}·10{power}";
        }

        int decimals = Math.Clamp(digits - 1 - (int)size, 0, 10);
        return Math.Round(value, decimals)
            .ToString("#,0.##########", CultureInfo.InvariantCulture)
            .Replace("-", "−", StringComparison.Ordinal);
    }

    /// <summary>A value by the unit of its column: times and bytes in the unit that fits.</summary>
    public static string InUnit(double value, string unit) => unit switch
    {
        "ns" => Time(value / 1e9),
        "µs" => Time(value / 1e6),
        "ms" => Time(value / 1e3),
        "s" => Time(value),
        "byte" => Bytes(value),
        _ => Short(value),
    };

    /// <summary>A time, UTC, of nanoseconds since the epoch.</summary>
    public static string Moment(long nanoseconds) =>
        DateTime.UnixEpoch.AddTicks(nanoseconds / 100).ToString("d MMM yyyy, HH:mm:ss", CultureInfo.InvariantCulture);

    /// <summary>The last part of a path.</summary>
    public static string FileName(string path) =>
        path.TrimEnd('/') is var trimmed && trimmed.LastIndexOf('/') is var at && at >= 0 ? trimmed[(at + 1)..] : path;

    private static string Large(double value, double factor, string unit)
    {
        int place = 0;
        while (Math.Abs(value) >= factor * 0.9995 && place < s_large.Length - 1)
        {
            value /= factor;
            place++;
        }

        return $"{Digits(value, 3)}{Space}{s_large[place]}{unit}";
    }

    private static string Superscript(int power) =>
        string.Concat(power.ToString(CultureInfo.InvariantCulture).Select(c => c == '-' ? '⁻' : "⁰¹²³⁴⁵⁶⁷⁸⁹"[c - '0']));
}
