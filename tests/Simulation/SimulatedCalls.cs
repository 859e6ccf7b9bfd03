using FlowMeter.Native;

namespace FlowMeter.Tests.Simulation;

/// <summary>A handle as libpcap has it: a call for each packet, whose bytes are gone when the call has returned.</summary>
internal sealed unsafe class SimulatedCalls(SimulatedWire wire, int point, int linkType)
    : SimulatedHandle(wire, point, linkType), ICallingHandle
{
    private readonly SimulatedWire _wire = wire;
    private readonly int _point = point;
    private readonly byte[] _memory = new byte[wire.Plan.SnapLength];
    private bool _isBroken;

    public int NanosecondsPerFraction => 1;

    public int Dispatch(int countMax, delegate* unmanaged[Cdecl]<byte*, PcapPacketHeader*, byte*, void> callback, void* user)
    {
        Look();
        int count = 0;
        for (; count < countMax && !_isBroken && TakeFrame() is { } frame; count++)
        {
            HandOver(frame, callback, user);
        }

        bool isBroken = _isBroken;
        _isBroken = false;
        return isBroken && count == 0 ? (int)PcapError.Break : count;
    }

    public void BreakLoop() => _isBroken = true;

    private void HandOver(
        SimulatedFrame frame, delegate* unmanaged[Cdecl]<byte*, PcapPacketHeader*, byte*, void> callback, void* user)
    {
        byte[] captured = frame.Stamped.Captured;
        captured.CopyTo(_memory, 0);
        (long seconds, long fraction) = Math.DivRem(frame.Stamped.TimestampNs, SimulatedClock.Second);
        PcapPacketHeader header = new(seconds, (int)fraction, (uint)captured.Length, frame.Stamped.OriginalLength);
        long ignoredBefore = _wire.Ignored(_point);
        fixed (byte* memory = _memory)
        {
            callback((byte*)user, &header, memory);
        }

        _memory.AsSpan(0, captured.Length).Fill(Garbage);
        Note(frame, wasIgnored: _wire.Ignored(_point) != ignoredBefore);
    }
}
