using System.Globalization;
using System.Text;
using FlowMeter.Engine.Capture;

namespace FlowMeter.Learning.Data;

/// <summary>
/// Parses the times of tables: RFC 3339, other dates that the invariant culture knows (UTC unless they have an offset), or seconds since
/// the epoch.
/// </summary>
public static class TableTime
{
    /// <summary>Nanoseconds since the epoch; null for a field that is no time.</summary>
    public static long? Parse(ReadOnlySpan<byte> field) =>
        Rfc3339(field) is long known ? known
        : double.TryParse(field, NumberStyles.Float, CultureInfo.InvariantCulture, out double seconds)
            ? Math.Abs(seconds) < 9e9
            ? (long)(seconds * CaptureTime.Second)
            : null
        : DateTimeOffset.TryParse(
            Encoding.UTF8.GetString(field), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out DateTimeOffset time)
            && time.Year is > 1677 and < 2262 ? (time.UtcTicks - DateTimeOffset.UnixEpoch.UtcTicks) * 100
        : null;

    /// <summary>The form of our own tables, parsed without making a string: YYYY-MM-DDThh:mm:ss[.f…]Z.</summary>
    private static long? Rfc3339(ReadOnlySpan<byte> field)
    {
        if (field.Length < 20 || field[4] != '-' || field[7] != '-' || field[10] != 'T' || field[13] != ':' || field[16] != ':'
            || field[^1] != 'Z')
        {
            return null;
        }

        int year = Digits(field[..4]);
        (int month, int day) = (Digits(field[5..7]), Digits(field[8..10]));
        (int hour, int minute, int second) = (Digits(field[11..13]), Digits(field[14..16]), Digits(field[17..19]));
        if (year is < 1678 or > 2261 || month is < 1 or > 12 || day < 1 || day > DateTime.DaysInMonth(year, month) || hour is < 0 or > 23
            || minute is < 0 or > 59 || second is < 0 or > 60)
        {
            return null;
        }

        ReadOnlySpan<byte> fraction = field[19..^1];
        long nanoseconds = 0;
        if (!fraction.IsEmpty)
        {
            if (fraction[0] != '.' || fraction.Length is < 2 or > 10 || Digits(fraction[1..]) is not (>= 0 and int part))
            {
                return null;
            }

            nanoseconds = part * (long)Math.Pow(10, 10 - fraction.Length);
        }

        long seconds =
            ((new DateTime(year, month, day, hour, minute, 0, DateTimeKind.Utc) - DateTime.UnixEpoch).Ticks / TimeSpan.TicksPerSecond)
            + second;
        return (seconds * CaptureTime.Second) + nanoseconds;
    }

    private static int Digits(ReadOnlySpan<byte> text) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int number) ? number : -1;
}
