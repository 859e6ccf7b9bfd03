using FlowMeter.Engine.Text;

namespace FlowMeter.Engine.Output;

/// <summary>
/// When a resilient output begins its next file: every so often, before a file grows above a size, or both, whichever is first.
/// </summary>
/// <param name="Every">Length of an interval; intervals begin at multiples of it since the epoch, so 60s is on the minute and 1d at
/// midnight, in UTC. Null: not by time.</param>
/// <param name="Bytes">Bytes of a file at most, header included; only a row longer than that makes a larger one. Null: not by size.</param>
public sealed record Rotation(TimeSpan? Every, long? Bytes)
{
    /// <summary>One file, unless told to rotate.</summary>
    public static Rotation Never { get; } = new(null, null);

    /// <summary>
    /// Reads what was typed: one or more texts, each a time (60s, 5m, 1h30m, 1d) of at least a second, a size (500kB, 100MB, 1GiB) or both
    /// with a comma between. A number alone could be either, and is refused.
    /// </summary>
    /// <exception cref="FormatException">They mean nothing, or the same is said twice; the message is one line that begins with the
    /// text.</exception>
    public static Rotation Parse(params IEnumerable<string> texts)
    {
        Rotation rotation = Never;
        foreach (string part in texts.SelectMany(text => text.Split(',')))
        {
            bool hasUnit = part.Length > 0 && char.IsAsciiLetter(part[^1]);
            decimal? ticks = Quantity.Time(part) * TimeSpan.TicksPerSecond;
            decimal? size = ticks == null ? Quantity.Size(part) : null;
            bool isInRange = ticks is >= TimeSpan.TicksPerSecond and <= long.MaxValue || size is >= 1 and <= long.MaxValue;
            if (!hasUnit || !isInRange || decimal.Truncate((ticks ?? size)!.Value) != (ticks ?? size))
            {
                throw new FormatException($"{part}: is neither a time (60s, 5m, 1h, 1d) nor a size (500kB, 100MB, 1GiB).");
            }

            if (ticks != null ? rotation.Every != null : rotation.Bytes != null)
            {
                string what = ticks != null ? "a time" : "a size";
                throw new FormatException($"{part}: {what} is given twice; one time and one size may be combined, as in 1h,100MB.");
            }

            rotation = ticks != null ? rotation with { Every = new TimeSpan((long)ticks) } : rotation with { Bytes = (long)size! };
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
