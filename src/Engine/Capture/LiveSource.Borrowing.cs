using FlowMeter.Native;

namespace FlowMeter.Engine.Capture;

/// <content>Packets of a ring of our own, many at a time.</content>
internal sealed unsafe partial class LiveSource
{
    /// <summary>Has the batch point at packets where they lie in the ring, and gives them back when they have been processed.</summary>
    private void Borrow(ILendingHandle ring, PacketBatch batch, int most, Action<PacketBatch> process)
    {
        int reserved = Reserve(most);
        if (reserved == 0)
        {
            return;
        }

        long began = _alone?.Begin() ?? 0;
        try
        {
            batch.Clear(_linkType);
            int count = ring.Take(new PacketPointers(batch.Data, batch.CapturedLength, batch.WireLength, batch.Time), reserved);
            if (count > 0)
            {
                _handedOver += (uint)count;
                batch.SetCount(count);
                LeaveOutEarly(batch);
                _taken = batch.Count;
                process(batch);
                ring.GiveBack();
                NoteTaken(began);
            }
        }
        finally
        {
            End(reserved);
        }
    }

    private void LeaveOutEarly(PacketBatch batch)
    {
        if (_start == long.MinValue)
        {
            return;
        }

        int kept = 0;
        for (int i = 0; i < batch.Count; i++)
        {
            if (batch.Time[i] < _start)
            {
                Losses.AddBeforeStart();
            }
            else
            {
                batch.Move(i, kept++);
            }
        }

        batch.SetCount(kept);
    }

    /// <summary>
    /// Has a batch keep the bytes that it points at. There is room: it has no more packets than fit with the longest snap length.
    /// </summary>
    private void CopyBatch(PacketBatch batch)
    {
        for (int i = 0; i < batch.Count; i++)
        {
            uint captured = batch.CapturedLength[i];
            byte* to = batch.Block + _used;
            Buffer.MemoryCopy(batch.Data[i], to, captured, captured);
            batch.Data[i] = to;
            _used += (int)captured;
        }
    }
}
