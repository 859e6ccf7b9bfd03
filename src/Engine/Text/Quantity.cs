using System.Buffers;
using System.Globalization;

namespace FlowMeter.Engine.Text;

/// <summary>
/// Numbers with units, as people type them: a number alone (30, 0.5, 1e9), one with a unit (90s, 64M, 10k), or several with ever smaller
/// units (1h30m). Exact; never negative. Null stands for what is no such number, or is too large to be meant.
/// </summary>
public static class Quantity
{
    private const decimal Most = 1e27m;

    private static readonly SearchValues<char> s_digits = SearchValues.Create("0123456789.");

    private static readonly (string Name, decimal Worth)[] s_times =
        [("d", 86_400), ("h", 3600), ("m", 60), ("s", 1), ("ms", 1e-3m), ("us", 1e-6m), ("ns", 1e-9m)];

    private static readonly (string Name, decimal Worth)[] s_counts = [("k", 1000), ("K", 1000), ("M", 1_000_000), ("G", 1_000_000_000)];

    private static readonly (string Name, decimal Worth)[] s_sizes =
    [
        ("B", 1), ("kB", 1000), ("MB", 1_000_000), ("GB", 1_000_000_000), ("TB", 1_000_000_000_000),
        ("k", 1L << 10), ("M", 1L << 20), ("G", 1L << 30), ("T", 1L << 40),
        ("KiB", 1L << 10), ("MiB", 1L << 20), ("GiB", 1L << 30), ("TiB", 1L << 40),
    ];

    /// <summary>Seconds: d, h, m, s, ms, us, ns; a number alone is seconds.</summary>
    public static decimal? Time(string text) => Read(text, s_times, 1, StringComparison.Ordinal);

    /// <summary>Bytes, in units of any case: 64M and 64MiB are 2^26, as for dd, and 64MB is 64,000,000.</summary>
    /// <param name="text">What was typed.</param>
    /// <param name="alone">The bytes that a number without a unit counts in.</param>
    public static decimal? Size(string text, long alone = 1) => Read(text, s_sizes, alone, StringComparison.OrdinalIgnoreCase);

    /// <summary>How many: k, M and G are powers of 1000.</summary>
    public static decimal? Count(string text) => Read(text, s_counts, 1, StringComparison.Ordinal);

    /// <summary>A part of a whole: 0.2 or 20%.</summary>
    public static decimal? Share(string text) => Read(text, [("%", 0.01m)], 1, StringComparison.Ordinal);

    private static decimal? Read(ReadOnlySpan<char> text, (string Name, decimal Worth)[] units, decimal alone, StringComparison casing)
    {
        const NumberStyles Plain = NumberStyles.AllowDecimalPoint | NumberStyles.AllowExponent;
        if (decimal.TryParse(text, Plain, CultureInfo.InvariantCulture, out decimal number))
        {
            return number <= Most / alone ? number * alone : null;
        }

        decimal sum = 0;
        decimal before = decimal.MaxValue;
        do
        {
            int digits = text.IndexOfAnyExcept(s_digits);
            if (digits < 0)
            {
                return null;
            }

            int next = text[digits..].IndexOfAny(s_digits);
            int end = next < 0 ? text.Length : digits + next;
            decimal worth = WorthOf(text[digits..end], units, casing);
            if (worth == 0 || worth >= before
                || !decimal.TryParse(text[..digits], NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out number)
                || number > Most / Math.Max(worth, 1))
            {
                return null;
            }

            sum += number * worth;
            before = worth;
            text = text[end..];
        }
        while (text.Length > 0);
        return sum;
    }

    private static decimal WorthOf(ReadOnlySpan<char> name, (string Name, decimal Worth)[] units, StringComparison casing)
    {
        foreach ((string known, decimal worth) in units)
        {
            if (name.Equals(known, casing))
            {
                return worth;
            }
        }

        return 0;
    }
}
