namespace FlowMeter.Engine.Export;

/// <summary>
/// When rows that a sink holds back are to be written: as soon as nothing else waits, or, for formats that want many rows together, once
/// the oldest of them has waited for some time. For one thread at a time.
/// </summary>
/// <param name="patience">How long a row may wait; zero: not at all.</param>
/// <param name="clock">Measures it; null: no row waits.</param>
internal sealed class FlushPace(TimeSpan patience, TimeProvider? clock)
{
    private long? _since;

    /// <summary>Whether rows wait for others.</summary>
    public bool Gathers => clock != null && patience > TimeSpan.Zero;

    /// <summary>How long until what is held back is due; infinite where nothing is.</summary>
    public TimeSpan Left => _since is not { } since ? Timeout.InfiniteTimeSpan
        : Gathers && patience - clock!.GetElapsedTime(since) is var left && left > TimeSpan.Zero ? left
        : TimeSpan.Zero;

    /// <summary>Takes note of rows that are held back. Returns whether it is time to write them.</summary>
    public bool IsDue()
    {
        _since ??= clock?.GetTimestamp() ?? 0;
        return Left == TimeSpan.Zero;
    }

    /// <summary>Says that nothing is held back any more.</summary>
    public void Reset() => _since = null;
}
