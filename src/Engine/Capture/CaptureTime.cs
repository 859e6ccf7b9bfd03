namespace FlowMeter.Engine.Capture;

/// <summary>Timestamps are nanoseconds since the epoch in 64 bits (SPEC §1).</summary>
public static class CaptureTime
{
    /// <summary>
    /// Earliest and latest time that is kept (1933 and 2225); what a damaged or lying file states beyond is moved to the bound. The
    /// difference of any two times then fits 64 bits, so no meter needs to check for overflow.
    /// </summary>
    public const long Earliest = -(1L << 60);

    /// <inheritdoc cref="Earliest"/>
    public const long Latest = long.MaxValue - (1L << 60);

    /// <summary>Nanoseconds of a second.</summary>
    public const long Second = 1_000_000_000;

    /// <summary>Nanoseconds since the epoch of a wall clock's time.</summary>
    internal static long From(DateTimeOffset time) => (time - DateTimeOffset.UnixEpoch).Ticks * 100;

    /// <summary>Moves a time that 64 bits can not hold, or that is outside the bounds, to the nearer bound.</summary>
    internal static long Clamp(Int128 nanoseconds) =>
        nanoseconds < Earliest ? Earliest : nanoseconds > Latest ? Latest : (long)nanoseconds;
}
