using FlowMeter.Native;

namespace FlowMeter.Engine.Capture;

/// <content>Start of a handle: packets that its ring got before all handles shared the interface's packets are dropped, and
/// counted.</content>
internal sealed partial class LiveSource
{
    // Such packets are at the front of the ring, which is looked at within the read time-out.
    private static readonly TimeSpan s_beginning = TimeSpan.FromSeconds(1);

    private long _start;
    private long _opened;

    /// <summary>
    /// Takes over an active handle: counts its losses and, for a moment, drops packets older than <paramref name="start"/>, which
    /// other handles have, too. No longer than a moment: the wall clock that stamps packets may be set back.
    /// </summary>
    public void Begin(PcapCapture capture, long start)
    {
        _linkType = (LinkType)capture.LinkType;
        _fraction = capture.NanosecondsPerFraction;
        _copied = Math.Clamp(PacketBatch.BlockSize / capture.SnapLength, 1, PacketBatch.Capacity);
        _start = start;
        _opened = _clock.GetTimestamp();
        _isLeaving = false;
        _handedOver = 0;
        _cause = null;
        Losses.Begin(capture.Stats());
        _capture = capture;
    }

    private void EndBeginning()
    {
        if (_start != long.MinValue && _clock.GetElapsedTime(_opened) > s_beginning)
        {
            _start = long.MinValue;
        }
    }

    private void LetGo(long time)
    {
        if (time < _start)
        {
            Losses.AddBeforeStart();
        }
    }
}
