using FlowMeter.Engine.Capture;

namespace FlowMeter.Engine.Flow;

/// <content>Packets one by one, and what time asks for.</content>
internal sealed unsafe partial class AccountingWorker<TAccounting>
{
    // Every row is looked at once in so long. With the slack of live capture and the tenth of a second between ticks a flow comes out
    // within two seconds of its timeout.
    private const long SweepPeriod = 3 * CaptureTime.Second / 4;
    private const long HandOverPeriod = CaptureTime.Second / 10;

    private long _lastTick = long.MaxValue;
    private long _lastHandOver = long.MaxValue;

    /// <inheritdoc/>
    public override void Tick(long now, bool isIdle)
    {
        if (isIdle)
        {
            FlushWindows();
        }

        Clock.Pass(now, isIdle);
        if (isIdle)
        {
            _sweepClock = Clock.Sweep;
        }

        SweepSlice(now);
    }

    /// <summary>Sweeps as many rows as the time that has passed is worth, so that no pause is long.</summary>
    private void SweepSlice(long now)
    {
        long passed = Math.Clamp(now - _lastTick, 0, SweepPeriod);
        _lastTick = now;
        _life.Sweep((long)((Int128)_table.Used * passed / SweepPeriod) + 1, _sweepClock);
        Flows.Live = _table.Count;
        if (now - _lastHandOver is < 0 or >= HandOverPeriod)
        {
            _lastHandOver = now;
            _life.HandOver();
            Frames?.Flush();
        }
    }

    private void TickAfter(long now, bool isIdle)
    {
        if (now != PacketBatch.NoClock)
        {
            SweepSlice(now);
        }
        else if (isIdle)
        {
            // A pipe that pauses. Nothing is lost while this takes its time.
            FlushWindows();
            _life.Sweep(_table.Used, _sweepClock);
            _life.HandOver();
        }
    }

    private protected override void AccountWindow()
    {
        TakeTimes();
        ProcessWindow();
    }

    private void TakeTimes()
    {
        _ = Clock.Take(new ReadOnlySpan<long>(_current.Times, _current.Count));
        _current.SweepClock = Clock.Sweep;
    }

    /// <summary>Accounts for all packets that have been taken.</summary>
    private void FlushWindows()
    {
        if (_current.Count > 0 || Frames is { HasFrames: true })
        {
            AccountWindow();
        }

        ProcessWindow();
    }
}
