using FlowMeter.Native;

namespace FlowMeter.Engine.Capture;

/// <content>Shutdown of a handle, on request or because its interface is gone: a filter drops new packets, the packets in the ring are
/// processed, the counters are read.</content>
internal sealed partial class LiveSource
{
    // The kernel hands over a block that is not full after the read time-out. Its timer may be late; its counters are exact, but know
    // nothing of frames that were turned away by their direction.
    private static readonly TimeSpan s_quiet = TimeSpan.FromMilliseconds(150);
    private static readonly TimeSpan s_longestQuiet = TimeSpan.FromSeconds(1);

    // Where the kernel takes no filter that drops all, the ring of a busy interface would never be empty.
    private static readonly TimeSpan s_longestEnding = TimeSpan.FromSeconds(5);

    private long _shutdownBegan;
    private long _lastTaken;

    private void BeginToDrain()
    {
        _isDraining = true;
        DropNewPackets();
    }

    /// <summary>The handle failed, or another of its interface.</summary>
    private void BeginToLeave()
    {
        if (!_isLeaving)
        {
            _isLeaving = true;
            DropNewPackets();
        }
    }

    private void DropNewPackets()
    {
        _shutdownBegan = _clock.GetTimestamp();
        _lastTaken = _shutdownBegan;
        _capture!.RefusePackets();
    }

    /// <summary>
    /// After new packets are dropped: waits a moment if the ring may hold more; otherwise ends the handle and says whether the capture goes
    /// on without it.
    /// </summary>
    private bool AwaitRest()
    {
        if (_taken > 0)
        {
            _lastTaken = _clock.GetTimestamp();
        }

        TimeSpan quiet = _clock.GetElapsedTime(_lastTaken);
        if (quiet < (HasTakenAll() ? s_quiet : s_longestQuiet) && _clock.GetElapsedTime(_shutdownBegan) < s_longestEnding)
        {
            if (_taken == 0)
            {
                // Not by the descriptor: that of an interface that is gone is always ready.
                _system.Wait(10);
            }

            return true;
        }

        CountLosses();
        if (!_isLeaving)
        {
            return false;
        }

        if (_cause != null)
        {
            // Before the handle is closed: from then on another one's thread may open all of them anew.
            _interface.Lost(_cause);
        }

        Close();
        return !_stop.IsCancellationRequested;
    }

    /// <summary>Whether every frame has been seen that the kernel put into the ring.</summary>
    private bool HasTakenAll() => TryCount() is { } counted && unchecked(counted.Received - counted.Dropped) == _handedOver;

    private void CountLosses()
    {
        _lastStatistics = _clock.GetTimestamp();
        if (TryCount() is { } counted)
        {
            Losses.Update(counted, countsInterface: _number == 0);
        }
    }

    private PcapStatistics? TryCount()
    {
        try
        {
            return _capture?.Stats();
        }
        catch (PcapException)
        {
            // The interface is gone, and its counters with it.
            return null;
        }
    }
}
