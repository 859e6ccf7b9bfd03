using FlowMeter.Native;

namespace FlowMeter.Engine.Capture;

/// <content>Start of a handle: packets that its ring got before all handles shared the interface's packets are dropped, and
/// counted.</content>
internal sealed partial class LiveSource
{
    private long _start;
    private uint _waiting;

    /// <summary>
    /// Takes over an active handle: counts its losses and, of the packets that its ring has by now, drops those older than
    /// <paramref name="start"/>, which other handles have, too. Not of later ones: the wall clock that stamps packets may be set back.
    /// How long that takes is open, since the ring is not looked at before all outputs are.
    /// </summary>
    public void Begin(PcapCapture capture, long start)
    {
        _linkType = (LinkType)capture.LinkType;
        _fraction = capture.NanosecondsPerFraction;
        _copied = Math.Clamp(PacketBatch.BlockSize / capture.SnapLength, 1, PacketBatch.Capacity);
        _start = start;
        _isLeaving = false;
        _handedOver = 0;
        _cause = null;
        PcapStatistics counted = capture.Stats();
        _waiting = unchecked(counted.Received - counted.Dropped);
        Losses.Begin(counted);
        _capture = capture;
    }

    private void EndBeginning()
    {
        if (_start != long.MinValue && _handedOver >= _waiting)
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
