using FlowMeter.Engine.Capture;
using FlowMeter.Engine.Decode;
using FlowMeter.Engine.Flow;

namespace FlowMeter.Engine.Metering;

/// <content>Reading and decoding.</content>
internal sealed partial class WorkerTeam
{
    /// <summary>Reads, and lets the next one read. What was read is its reader's to decode.</summary>
    private void Read(Member member, WorkerProgress? progress)
    {
        // Nobody else moves the number while this worker reads.
        int filled = Fill(SlotOf(_read).Batches ?? member.Batches);
        long began = progress?.Begin() ?? 0;
        lock (_lock)
        {
            _isReading = false;
            if (filled > 0)
            {
                member.Undecoded = _read;
                member.Filled = filled;
                member.AwaitsTurn = false;
                SlotOf(_read).Readers = _accountants;
                SlotOf(_read).IsDecoded = false;
                SlotOf(_read).Began = began;
                _read++;
            }

            Monitor.PulseAll(_lock);
        }

        if (filled == 0)
        {
            progress?.End();
        }
    }

    /// <summary>Decodes what the worker has read, and deals it out; or finds that this has to wait until it is its turn.</summary>
    private void Decode(FlowWorker worker, Member member)
    {
        DecodedSlot slot = SlotOf(member.Undecoded!.Value);
        if (!worker.TryDecode((slot.Batches ?? member.Batches).AsSpan(0, member.Filled), slot.Packets, isInTurn: member.AwaitsTurn))
        {
            member.AwaitsTurn = true;
            return;
        }

        member.Undecoded = null;
        lock (_lock)
        {
            slot.IsDecoded = true;
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
                if (_stop.IsCancellationRequested || _failure != null || !_source.TryFill(batches[filled]))
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
}
