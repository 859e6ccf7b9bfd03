using System.Globalization;

namespace FlowMeter.Tests.Output;

/// <summary>A clock that stands still until it is set.</summary>
internal sealed class SetClock(string now) : TimeProvider
{
    private long _ticks = At(now).UtcTicks;

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public static DateTimeOffset At(string time) =>
        DateTimeOffset.Parse(time + "Z", CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal);

    public override DateTimeOffset GetUtcNow() => new(Interlocked.Read(ref _ticks), TimeSpan.Zero);

    public override long GetTimestamp() => Interlocked.Read(ref _ticks);

    public void Set(string time) => Interlocked.Exchange(ref _ticks, At(time).UtcTicks);

    public void Advance(TimeSpan time) => Interlocked.Add(ref _ticks, time.Ticks);
}
