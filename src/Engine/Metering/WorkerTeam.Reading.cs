using FlowMeter.Engine.Capture;
using FlowMeter.Engine.Decode;
using FlowMeter.Engine.Flow;

namespace FlowMeter.Engine.Metering;

/// <content>Reading and decoding.</content>
internal sealed partial class WorkerTeam
{
    /// <summary>Reads, lets the next one read, decodes, and deals out.</summary>
    private void Read(FlowWorker worker, PacketBatch[] batches, WorkerProgress? progress)
    {
        // Nobody else moves the number while this worker reads.
        batches = SlotOf(_read).Batches ?? batches;
        int filled = Fill(batches);
        long began = progress?.Begin() ?? 0;
        long number;
        lock (_lock)
        {
            _isReading = false;
            number = _read;
            if (filled > 0)
            {
                SlotOf(number).Readers = _accountants;
                SlotOf(number).IsDecoded = false;
                SlotOf(number).Began = began;
                _read++;
            }

            Monitor.PulseAll(_lock);
        }

        if (filled == 0)
        {
            return;
        }

        DecodedBatch packets = SlotOf(number).Packets;
        if (!worker.TryDecode(batches.AsSpan(0, filled), packets, isInTurn: false))
        {
            AwaitTurn(number);
            _ = worker.TryDecode(batches.AsSpan(0, filled), packets, isInTurn: true);
        }

        lock (_lock)
        {
            SlotOf(number).IsDecoded = true;
            while (_decoded < _read && SlotOf(_decoded).IsDecoded)
            {
                TakeTimes(SlotOf(_decoded).Packets);
                _decoded++;
            }

            Monitor.PulseAll(_lock);
        }
    }

    /// <summary>Moves the clock by packets in the capture's order, so that it does not depend on which worker decoded them.</summary>
    private void TakeTimes(DecodedBatch packets)
    {
        PacketClock clock = _workers[0].Clock;
        packets.LowestSweepClock = clock.Take(packets.Times);
        if (packets.Now != PacketBatch.NoClock)
        {
            clock.Pass(packets.Now, packets.IsIdle);
        }

        packets.SweepClock = clock.Sweep;
    }

    /// <summary>
    /// Fills batches up to about <see cref="PacketsAtOnce"/> packets. Returns how many were filled; only its caller reads.
    /// </summary>
    private int Fill(PacketBatch[] batches)
    {
        int filled = 0;
        try
        {
            for (int packets = 0; filled < batches.Length && packets < PacketsAtOnce; packets += batches[filled++].Count)
            {
                if (_stop.IsCancellationRequested || !_source.TryFill(batches[filled]))
                {
                    _isEnded = true;
                    break;
                }
            }
        }
        catch (CaptureException e)
        {
            _damage = e;
            _isEnded = true;
        }
        catch (OperationCanceledException) when (_stop.IsCancellationRequested)
        {
            // Stopped while waiting for input: the same as between two batches.
            _isEnded = true;
        }

        return filled;
    }

    private void AwaitTurn(long number)
    {
        lock (_lock)
        {
            while (_decoded < number && _failure == null)
            {
                Monitor.Wait(_lock);
            }
        }
    }
}
