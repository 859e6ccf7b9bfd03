namespace FlowMeter.Tests.Oracle;

/// <summary>
/// SPEC §2, "the clock", with a list of the times that are in doubt: three in a row on one side of the clock, each more than a minute away,
/// move it to the nearest of them.
/// </summary>
internal sealed class ReferenceClock
{
    private const long MinuteNs = 60_000_000_000;

    // Those ahead are wrong if another one comes that does not agree; those behind are at once.
    private readonly List<long> _doubtful = [];
    private long? _now;

    public long NowNs => _now ?? long.MinValue;

    public long Jumps { get; private set; }

    public void Take(long time)
    {
        long now = _now ??= time;
        if (Math.Abs(time - now) <= MinuteNs)
        {
            Jumps += _doubtful.Any(other => other > now) ? 1 : 0;
            _now = Math.Max(now, time);
            _doubtful.Clear();
            return;
        }
        if (_doubtful.Any(other => other > now != time > now))
        {
            Jumps += _doubtful.Any(other => other > now) ? 1 : 0;
            _doubtful.Clear();
        }
        Jumps += _doubtful.Count == 0 && time < now ? 1 : 0;
        _doubtful.Add(time);
        if (_doubtful.Count == 3)
        {
            _now = _doubtful.MinBy(other => Math.Abs(other - now));
            _doubtful.Clear();
        }
    }
}
