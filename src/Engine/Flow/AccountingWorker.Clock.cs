using FlowMeter.Engine.Decode;
using FlowMeter.Engine.Observe;

namespace FlowMeter.Engine.Flow;

/// <content>Packets one by one, and what time asks for.</content>
internal sealed unsafe partial class AccountingWorker<TAccounting>
{
    // Every row is looked at once in so long. With the slack of live capture and the tenth of a second between ticks a flow comes out within two seconds of its timeout.
    private const long SweepPeriod = 3 * CaptureTime.Second / 4;
    private const long HandOverPeriod = CaptureTime.Second / 10;

    // Of a table, after each window of packets.
    private const int SweptRows = 3;

    private long _lastTick = long.MaxValue;
    private long _lastHandOver = long.MaxValue;

    /// <inheritdoc/>
    public override void Tick(long now, bool isSilent)
    {
        if (isSilent)
        {
            Settle();
        }

        Clock.Pass(now, isSilent);
        if (isSilent)
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
        Sweep((long)((Int128)_table.Used * passed / SweepPeriod) + 1);
        Flows.Live = _table.Count;
        if (now - _lastHandOver is < 0 or >= HandOverPeriod)
        {
            _lastHandOver = now;
            HandOver();
            Router?.Flush();
        }
    }

    private void TickAfter(long now, bool isSilent)
    {
        if (now != PacketBatch.NoClock)
        {
            SweepSlice(now);
        }
        else if (isSilent)
        {
            // A pipe that pauses. Nothing is lost while this takes its time.
            Settle();
            Sweep(_table.Used);
            HandOver();
        }
    }

    private protected override void AccountWindow()
    {
        TakeTimes();
        Advance();
    }

    private void TakeTimes()
    {
        _ = Clock.Take(new ReadOnlySpan<long>(_current.Times, _current.Count));
        _current.SweepClock = Clock.Sweep;
    }

    /// <summary>Accounts for all packets that have been taken.</summary>
    private void Settle()
    {
        if (_current.Count > 0 || Router is { HasFrames: true })
        {
            AccountWindow();
        }

        Advance();
    }

    private void HandOver()
    {
        if (_ended.Count > 0)
        {
            _ended = _consumer.Exchange(_ended);
        }
    }

    /// <summary>Ends flows that are long over, a few rows a window.</summary>
    private void Sweep()
    {
        if (_table.Count < _sweepFrom)
        {
            return;
        }

        Sweep(SweptRows);
    }

    private void Sweep(long rows)
    {
        if (_sweepClock == PacketClock.None)
        {
            // Of the first packets dealt out to this worker the clock is known only after the last.
            return;
        }

        for (long i = 0; i < rows; i++)
        {
            if (++_cursor >= _table.Used)
            {
                _cursor = 0;
            }

            long row = FlowColumns.RowOf(_cursor);
            FlowIdentity* flow = _table.Columns.Identity(row);
            if (flow->IsLive && _ending.AtSweep(flow, _sweepClock) is var reason and not FlowEndReason.None)
            {
                End(row, reason);
                _table.Remove(row);
            }
        }
    }
}
