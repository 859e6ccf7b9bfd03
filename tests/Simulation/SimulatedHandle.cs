using FlowMeter.Native;

namespace FlowMeter.Tests.Simulation;

/// <summary>
/// A handle as there is on Linux: a ring of blocks, which are handed over when they are full or old; frames that find it full are
/// dropped and counted; an interface that is gone is told of once, before what the ring still holds.
/// </summary>
internal abstract class SimulatedHandle(SimulatedWire wire, int point, int linkType) : ILiveHandle
{
    private const long BlockLifetime = 100 * SimulatedClock.Millisecond;

    /// <summary>What is left where a packet was.</summary>
    protected const byte Garbage = 0xDB;

    private readonly Queue<SimulatedFrame> _ring = new();
    private long? _early;
    private long _handedOver;
    private PcapStatistics _statistics;
    private int _visible;
    private int _ofOpenBlock;
    private long _blockBegan;
    private bool _hasFailed;
    private bool _isBeginning;

    public int LinkType => linkType;

    public int SnapLength => wire.Plan.SnapLength;

    /// <summary>Whether the filter that drops all is in place.</summary>
    public bool IsRefusing { get; private set; }

    /// <summary>The wall clock when all handles of the interface shared its frames.</summary>
    public long Start { get; set; }

    /// <summary>Frames that lie in the ring.</summary>
    public int Waiting => _ring.Count;

    /// <summary>The interface went down.</summary>
    public void Fail() => _hasFailed = true;

    /// <summary>The interface's card dropped a frame.</summary>
    public void DropByInterface() => _statistics.DroppedByInterface++;

    /// <summary>A frame comes. Returns whether it is one of the capture's: neither before the filter that drops all nor behind.</summary>
    public bool Receive(SimulatedFrame frame)
    {
        if (IsRefusing)
        {
            return false;
        }

        _statistics.Received++;
        if (_ring.Count >= wire.Plan.RingCapacity)
        {
            _statistics.Dropped++;
            return true;
        }

        if (_ofOpenBlock++ == 0)
        {
            _blockBegan = wire.Clock.Now;
        }

        _ring.Enqueue(frame);
        if (_ofOpenBlock == wire.Plan.FramesOfBlock)
        {
            Retire();
        }

        return true;
    }

    public void AwaitPackets(int milliseconds)
    {
        // The scheduler decides how long a step takes.
    }

    public void RefusePackets() => IsRefusing = true;

    public PcapStatistics Stats()
    {
        _early ??= _ring.Count;
        return _statistics;
    }

    public void Dispose()
    {
        wire.Close(this);
        wire.LeftInRings += _ring.Count;
        _ring.Clear();
    }

    /// <summary>Has the packets be seen that are to be; to be called before some are taken.</summary>
    protected void Look()
    {
        if (_hasFailed)
        {
            _hasFailed = false;
            throw new PcapException("sim: The packets cannot be read: The interface went down");
        }

        if (wire.Clock.Now - _blockBegan >= BlockLifetime)
        {
            Retire();
        }

        _isBeginning = _handedOver < _early;
    }

    /// <summary>The next frame that can be seen; null for none.</summary>
    protected SimulatedFrame? TakeFrame()
    {
        if (_visible == 0)
        {
            return null;
        }

        _visible--;
        _handedOver++;
        return _ring.Dequeue();
    }

    /// <summary>Whether a frame is to be ignored: it came before all handles shared the interface.</summary>
    protected bool IsToBeIgnored(SimulatedFrame frame) => _isBeginning && frame.Stamped.TimestampNs < Start;

    /// <summary>Takes note of what became of a frame.</summary>
    protected void Note(SimulatedFrame frame, bool wasIgnored)
    {
        if (!wasIgnored)
        {
            wire.Require(!frame.IsBeforeStart, "a frame from before all handles shared the interface was metered");
            wire.Taken[point].Add(frame);
            return;
        }

        wire.Require(frame.IsBeforeStart || IsToBeIgnored(frame), "a frame was ignored that no other handle had");
    }

    private void Retire()
    {
        _visible += _ofOpenBlock;
        _ofOpenBlock = 0;
    }
}
