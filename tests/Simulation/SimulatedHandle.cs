using FlowMeter.Native;

namespace FlowMeter.Tests.Simulation;

/// <summary>
/// A handle as libpcap has it on Linux: a ring of blocks, which are handed over when they are full or old; frames that find it full are
/// dropped and counted; an interface that is gone is told of once, before what the ring still holds.
/// </summary>
internal sealed unsafe class SimulatedHandle(SimulatedWire wire, int point, int linkType) : ILiveHandle
{
    private const long BlockLifetime = 100 * SimulatedClock.Millisecond;
    private const byte Garbage = 0xDB;

    private readonly Queue<SimulatedFrame> _ring = new();
    private readonly byte[] _memory = new byte[wire.Plan.SnapLength];
    private long? _early;
    private long _handedOver;
    private PcapStatistics _statistics;
    private int _visible;
    private int _ofOpenBlock;
    private long _blockBegan;
    private bool _hasFailed;
    private bool _isBroken;

    public int LinkType => linkType;

    public int SnapLength => wire.Plan.SnapLength;

    public int NanosecondsPerFraction => 1;

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

    public int Dispatch(int countMax, delegate* unmanaged[Cdecl]<byte*, PcapPacketHeader*, byte*, void> callback, void* user)
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

        bool isBeginning = _handedOver < _early;
        int count = 0;
        for (; count < countMax && _visible > 0 && !_isBroken; count++, _visible--)
        {
            HandOver(_ring.Dequeue(), isBeginning, callback, user);
        }

        _handedOver += count;

        bool isBroken = _isBroken;
        _isBroken = false;
        return isBroken && count == 0 ? (int)PcapError.Break : count;
    }

    public void BreakLoop() => _isBroken = true;

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

    private void Retire()
    {
        _visible += _ofOpenBlock;
        _ofOpenBlock = 0;
    }

    /// <summary>The bytes are gone when the callback has returned, as those of a block that goes back to the kernel.</summary>
    private void HandOver(
        SimulatedFrame frame, bool isBeginning, delegate* unmanaged[Cdecl]<byte*, PcapPacketHeader*, byte*, void> callback, void* user)
    {
        byte[] captured = frame.Stamped.Captured;
        captured.CopyTo(_memory, 0);
        (long seconds, long fraction) = Math.DivRem(frame.Stamped.TimestampNs, SimulatedClock.Second);
        PcapPacketHeader header = new(seconds, (int)fraction, (uint)captured.Length, frame.Stamped.OriginalLength);
        long ignoredBefore = wire.Ignored(point);
        fixed (byte* memory = _memory)
        {
            callback((byte*)user, &header, memory);
        }

        _memory.AsSpan(0, captured.Length).Fill(Garbage);
        if (wire.Ignored(point) == ignoredBefore)
        {
            wire.Require(!frame.IsBeforeStart, "a frame from before all handles shared the interface was metered");
            wire.Taken[point].Add(frame);
            return;
        }

        bool mayBeIgnored = isBeginning && frame.Stamped.TimestampNs < Start;
        wire.Require(frame.IsBeforeStart || mayBeIgnored, "a frame was ignored that no other handle had");
    }
}
