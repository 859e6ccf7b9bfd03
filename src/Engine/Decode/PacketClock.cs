using System.Runtime.Intrinsics;
using FlowMeter.Engine.Capture;

namespace FlowMeter.Engine.Decode;

/// <summary>
/// The clock of a capture (SPEC §2): packet time, but not its maximum, since one wrong time stamp would end every flow. A time more than
/// <see cref="Near"/> from the clock moves it only with others after it that say the same: ahead to the lowest of them, back to the
/// highest. For one thread at a time; the packets must come in the capture's order.
/// </summary>
internal sealed class PacketClock
{
    /// <summary>The clock before any packet: earlier than every time.</summary>
    public const long None = long.MinValue;

    /// <summary>How far a packet's time may be from the clock without a doubt, ns.</summary>
    public const long Near = 60 * CaptureTime.Second;

    /// <summary>
    /// How far behind the clock without a doubt where a monotonic clock is beside it (<see cref="Pass"/>), ns. Packets of a live handle are
    /// in order and come within a fraction of it; and time that passes without a packet would keep a clock that was set back by less than a
    /// minute ahead of all packets for good, and sweep flows that go on.
    /// </summary>
    public const long NearLive = CaptureTime.Second / 2;

    /// <summary>Packets in a row, all ahead of the clock or all behind it, that move it.</summary>
    public const int Agreement = 3;

    private readonly long _patience;

    // The packets of a row that agree so far, and the one nearest to the clock.
    private int _agreeing;
    private bool _isAhead;
    private long _nearest;

    // The clock's value from which a jump ahead is believed by the sweep, too.
    private long _settlesAt = None;
    private long _sweep = None;
    private long _jumps;
    private long _nearBehind = Near;

    // The clock and the monotonic one at the same moment; none after a jump.
    private (long Now, long Elapsed)? _anchor;

    /// <summary>Makes a clock that no packet has moved.</summary>
    /// <param name="patience">
    /// How long the clock has to go on after a jump ahead before flows are swept by it, ns: longer than any flow waits for its next packet.
    /// </param>
    public PacketClock(long patience) => _patience = patience;

    /// <summary>
    /// The clock, ns since the epoch; <see cref="None"/> before the first packet. Tells <c>idle</c> from <c>forced</c> at the end.
    /// </summary>
    public long Now { get; private set; } = None;

    /// <summary>
    /// The clock that sweeps: never later than <see cref="Now"/>. After a jump ahead it waits, until the clock has gone on for longer than
    /// flows live, or jumps ahead once more: a clock that was wrong for a while and is put right has then ended no flow.
    /// </summary>
    public long Sweep => _agreeing > 0 && !_isAhead ? Math.Min(_sweep, _nearest) : _sweep;

    /// <summary>
    /// Times that were wrong, those in a row counted once: ahead of a clock that then went on without them, or behind it. A gap in the
    /// capture is none. May be read from any thread.
    /// </summary>
    public long Jumps => Volatile.Read(ref _jumps);

    /// <summary>
    /// Takes the times of packets, ns since the epoch, in the capture's order. Those that are all near, as most are, are taken at once.
    /// </summary>
    /// <returns>The lowest that <see cref="Sweep"/> was from before the first to behind the last.</returns>
    public long Take(ReadOnlySpan<long> times)
    {
        long lowest = Sweep;
        if (times.IsEmpty)
        {
            return lowest;
        }

        (long oldest, long newest) = Bounds(times);
        if (Now != None && newest <= Now + Near && oldest >= Math.Max(Now, newest) - _nearBehind)
        {
            GoOn(newest);
            return lowest;
        }

        foreach (long time in times)
        {
            Take(time);
            lowest = Math.Min(lowest, Sweep);
        }

        return lowest;
    }

    /// <summary>Takes the time of one packet.</summary>
    public void Take(long time)
    {
        if (Now == None)
        {
            Now = time;
            _sweep = time;
        }
        else if (time > Now + Near)
        {
            Doubt(time, isAhead: true);
        }
        else if (time < Now - _nearBehind)
        {
            Doubt(time, isAhead: false);
        }
        else
        {
            GoOn(time);
        }
    }

    /// <summary>Lets time pass by a monotonic clock, for live captures: where no packet waits, the clock goes on without one.</summary>
    /// <param name="elapsed">The monotonic clock, ns, at a moment before the source was asked.</param>
    /// <param name="isIdle">Whether the source had no packet.</param>
    public void Pass(long elapsed, bool isIdle)
    {
        _nearBehind = NearLive;
        if (isIdle && _anchor is { } anchor)
        {
            Advance(Math.Max(Now, anchor.Now + elapsed - anchor.Elapsed));
        }

        _anchor = Now == None ? null : (Now, elapsed);
    }

    /// <summary>Packets that were ahead and are not agreed with had a wrong time.</summary>
    private void GiveUpAhead()
    {
        if (_agreeing > 0 && _isAhead)
        {
            Volatile.Write(ref _jumps, _jumps + 1);
        }

        _agreeing = 0;
    }

    private static (long Oldest, long Newest) Bounds(ReadOnlySpan<long> times)
    {
        int rest = 0;
        long oldest = times[0];
        long newest = times[0];
        if (Vector256.IsHardwareAccelerated && times.Length >= Vector256<long>.Count)
        {
            Vector256<long> low = Vector256.Create(oldest);
            Vector256<long> high = low;
            for (; rest <= times.Length - Vector256<long>.Count; rest += Vector256<long>.Count)
            {
                Vector256<long> some = Vector256.Create(times[rest..]);
                low = Vector256.Min(low, some);
                high = Vector256.Max(high, some);
            }

            for (int lane = 0; lane < Vector256<long>.Count; lane++)
            {
                oldest = Math.Min(oldest, low[lane]);
                newest = Math.Max(newest, high[lane]);
            }
        }

        for (; rest < times.Length; rest++)
        {
            oldest = Math.Min(oldest, times[rest]);
            newest = Math.Max(newest, times[rest]);
        }

        return (oldest, newest);
    }

    private void GoOn(long time)
    {
        GiveUpAhead();
        Advance(Math.Max(Now, time));
    }

    private void Advance(long now)
    {
        Now = now;
        if (now >= _settlesAt)
        {
            _settlesAt = None;
            _sweep = now;
        }
    }

    private void Doubt(long time, bool isAhead)
    {
        if (_agreeing == 0 || _isAhead != isAhead)
        {
            GiveUpAhead();
            _isAhead = isAhead;
            _nearest = time;
            Volatile.Write(ref _jumps, _jumps + (isAhead ? 0 : 1));
        }

        _nearest = isAhead ? Math.Min(_nearest, time) : Math.Max(_nearest, time);
        if (++_agreeing < Agreement)
        {
            return;
        }

        _agreeing = 0;
        if (isAhead)
        {
            _sweep = Now;
            _settlesAt = _patience < long.MaxValue - _nearest ? _nearest + _patience : long.MaxValue;
        }
        else
        {
            _sweep = _nearest;
            _settlesAt = None;
        }

        Now = _nearest;
        _anchor = null;
    }
}
