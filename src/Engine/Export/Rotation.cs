using System.Globalization;

namespace FlowMeter.Engine.Export;

/// <summary>When an output that lasts begins its next file: every so often, before a file grows above a size, or both, whichever is first.</summary>
/// <param name="Every">Length of an interval; intervals begin at multiples of it since the epoch, so 60s is on the minute and 1d at midnight, in UTC. Null: not by time.</param>
/// <param name="Bytes">Bytes of a file at most, header included; only a row longer than that makes a larger one. Null: not by size.</param>
public sealed record Rotation(TimeSpan? Every, long? Bytes)
{
    /// <summary>One file, unless told to rotate.</summary>
    public static Rotation Never { get; } = new(null, null);

    private static readonly (string Name, long Ticks)[] s_times =
        [("s", TimeSpan.TicksPerSecond), ("m", TimeSpan.TicksPerMinute), ("h", TimeSpan.TicksPerHour), ("d", TimeSpan.TicksPerDay)];

    private static readonly (string Name, long Bytes)[] s_sizes =
    [
        ("B", 1), ("kB", 1000), ("MB", 1_000_000), ("GB", 1_000_000_000), ("TB", 1_000_000_000_000),
        ("KiB", 1L << 10), ("MiB", 1L << 20), ("GiB", 1L << 30), ("TiB", 1L << 40),
    ];

    /// <summary>Reads what was typed: one or more texts, each a time (60s, 5m, 1h, 1d), a size (500kB, 100MB, 1GiB) or both with a comma between.</summary>
    /// <exception cref="FormatException">They mean nothing, or the same is said twice; the message is one line that begins with the text.</exception>
    public static Rotation Parse(params IEnumerable<string> texts)
    {
        Rotation rotation = Never;
        foreach (string part in texts.SelectMany(text => text.Split(',')))
        {
            int digits = part.AsSpan().IndexOfAnyExceptInRange('0', '9');
            digits = digits < 0 ? part.Length : digits;
            string unit = part[digits..];
            long ticks = s_times.FirstOrDefault(time => time.Name == unit).Ticks;
            long size = s_sizes.FirstOrDefault(known => known.Name.Equals(unit, StringComparison.OrdinalIgnoreCase)).Bytes;
            if (!long.TryParse(part.AsSpan(0, digits), NumberStyles.None, CultureInfo.InvariantCulture, out long count)
                || count == 0 || ticks + size == 0 || count > TimeSpan.MaxValue.Ticks / (ticks + size))
            {
                throw new FormatException($"{part}: is neither a time (60s, 5m, 1h, 1d) nor a size (500kB, 100MB, 1GiB).");
            }

            if (ticks > 0 ? rotation.Every != null : rotation.Bytes != null)
            {
                throw new FormatException($"{part}: {(ticks > 0 ? "a time" : "a size")} is given twice; one time and one size may be combined, as in 1h,100MB.");
            }

            rotation = ticks > 0 ? rotation with { Every = new TimeSpan(count * ticks) } : rotation with { Bytes = count * size };
        }

        return rotation;
    }

    /// <summary>The beginning of the interval that a time is in; null if files are not rotated by time.</summary>
    internal DateTimeOffset? IntervalOf(DateTimeOffset time)
    {
        if (Every == null)
        {
            return null;
        }

        long sinceEpoch = time.UtcTicks - DateTimeOffset.UnixEpoch.Ticks;
        return DateTimeOffset.UnixEpoch.AddTicks(sinceEpoch - (sinceEpoch % Every.Value.Ticks));
    }
}
