namespace FlowMeter.Tests.Simulation;

/// <summary>Time that goes on when it is told to: monotonic, and the wall clock beside it, which may be set.</summary>
internal sealed class SimulatedClock : TimeProvider
{
    public const long Second = 1_000_000_000;
    public const long Millisecond = 1_000_000;

    private const long WallAtZero = 1_700_000_000 * Second;
    private long _offset;

    /// <summary>The monotonic clock, ns.</summary>
    public long Now { get; set; } = 1000 * Second;

    /// <summary>The wall clock, which stamps packets, ns since the epoch.</summary>
    public long Wall => WallAtZero + Now + _offset;

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override long GetTimestamp() => Now / 100;

    public override DateTimeOffset GetUtcNow() => DateTimeOffset.UnixEpoch.AddTicks(Wall / 100);

    /// <summary>Sets the wall clock forward, or back.</summary>
    public void Step(long nanoseconds) => _offset += nanoseconds;
}
