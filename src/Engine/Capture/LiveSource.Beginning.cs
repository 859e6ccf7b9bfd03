using FlowMeter.Native;

namespace FlowMeter.Engine.Capture;

/// <content>Start of a handle: packets that its ring got before all handles shared the interface's packets are dropped, and
/// counted.</content>
internal sealed partial class LiveSource
{
    private long _start;

    // Packets that the ring had when all handles were ready: none behind them came before.
    private uint _early;

    /// <summary>
    /// Takes over an active handle: counts its losses and drops packets older than <paramref name="start"/>, which other handles have, too.
    /// Only among those that its ring has by now: the wall clock that stamps packets may be set back.
    /// </summary>
    public void Begin(ILiveHandle capture, long start)
    {
        _linkType = (LinkType)capture.LinkType;
        _fraction = capture is ICallingHandle calling ? calling.NanosecondsPerFraction : 1;
        _copied = Math.Clamp(PacketBatch.BlockSize / capture.SnapLength, 1, PacketBatch.Capacity);
        _start = start;
        _isLeaving = false;
        _handedOver = 0;
        _cause = null;
        PcapStatistics statistics = capture.Stats();
        _early = unchecked(statistics.Received - statistics.Dropped);
        Losses.Begin(statistics);
        _capture = capture;
    }

    private void EndBeginning()
    {
        if (_capture != null && _handedOver >= _early)
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
