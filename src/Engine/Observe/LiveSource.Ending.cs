using FlowMeter.Native;

namespace FlowMeter.Engine.Observe;

/// <content>The end of a handle, by order or because its interface is gone: nothing more is let in, what the ring holds is taken, the counters are read.</content>
internal sealed partial class LiveSource
{
    private void BeginDrain()
    {
        _isDraining = true;
        _drainBegan = _clock.GetTimestamp();
        CloseGate();
    }

    private void CloseGate()
    {
        if (OperatingSystem.IsLinux())
        {
            PacketGate.Close(_capture!.Descriptor);
        }
    }

    /// <summary>Where the kernel's gate can not be closed, a busy interface would never be empty.</summary>
    private bool IsDrainOverdue()
    {
        bool isOverdue = _isDraining && _clock.GetElapsedTime(_drainBegan) > s_longestDrain;
        if (isOverdue)
        {
            CountLosses();
        }

        return isOverdue;
    }

    /// <summary>The handle failed, or another of its interface: what came before is in the block that the kernel was filling, and is taken first.</summary>
    private void BeginToLeave()
    {
        if (_isLeaving)
        {
            return;
        }

        _isLeaving = true;
        CloseGate();
        Thread.Sleep(DrainWaitMs);
    }

    private void Leave()
    {
        CountLosses();
        if (_cause != null)
        {
            // Before the handle is closed: from then on another one's thread may open all of them anew.
            _interface.Lost(_cause);
        }

        Close();
    }

    private void CountLosses()
    {
        _lastStatistics = _clock.GetTimestamp();
        try
        {
            if (_capture != null)
            {
                Losses.Update(_capture.Stats(), countsInterface: _number == 0);
            }
        }
        catch (PcapException)
        {
            // The interface is gone, and its counters with it.
        }
    }
}
