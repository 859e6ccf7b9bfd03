using FlowMeter.Engine.Capture;
using FlowMeter.Engine.Decode;
using FlowMeter.Engine.Flow;

namespace FlowMeter.Engine.Metering;

/// <content>Reading and decoding.</content>
internal sealed partial class WorkerTeam
{
    /// <summary>
    /// Reads, or takes what was read ahead, and lets the next one do so. What was read is its reader's to decode.
    /// </summary>
    private void Read(Member member, bool isAhead, WorkerProgress? progress)
    {
        // Nobody else moves the number while this worker has the turn.
        DecodedSlot slot = SlotOf(_read);
        int filled = Fill(member.Batches, isAhead, out bool isMore);
        long began = progress?.Begin() ?? 0;
        lock (_lock)
        {
            _hasTurn = false;
            _isReading = false;
            if (isAhead && !isMore)
            {
                member.Turn = null;
                _turnsOver++;
            }

            if (filled > 0)
            {
                member.Undecoded = _read;
                member.Filled = filled;
                member.AwaitsTurn = false;
                if (slot.Batches != null)
                {
                    (slot.Batches, member.Batches) = (member.Batches, slot.Batches);
                }

                slot.Readers = _accountants;
                slot.IsDecoded = false;
                slot.Began = began;
                _read++;
            }

            WakeWhoCanGoOn();
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

            WakeWhoCanGoOn();
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
    /// <param name="batches">The batches.</param>
    /// <param name="isAhead">Whether to take only what was read ahead.</param>
    /// <param name="isMore">Whether there is more of that.</param>
    private int Fill(PacketBatch[] batches, bool isAhead, out bool isMore)
    {
        int filled = 0;
        isMore = isAhead;
        try
        {
            for (int packets = 0; filled < batches.Length && packets < PacketsAtOnce; packets += batches[filled++].Count)
            {
                if (_isEnded || _stop.IsCancellationRequested || _failure != null)
                {
                    _isEnded = true;
                    isMore = false;
                    break;
                }

                if (!(isAhead ? _source.TryTake(batches[filled]) : _source.TryFill(batches[filled])))
                {
                    _isEnded |= !isAhead;
                    isMore = false;
                    break;
                }
            }

            _source.Keep();
        }
        catch (CaptureException e)
        {
            _damage = e;
            _isEnded = true;
            isMore = false;
        }
        catch (OperationCanceledException) when (_stop.IsCancellationRequested)
        {
            // Stopped while waiting for input: the same as between two batches.
            _isEnded = true;
        }

        return filled;
    }
}
