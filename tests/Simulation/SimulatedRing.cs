using System.Runtime.InteropServices;
using FlowMeter.Native;

namespace FlowMeter.Tests.Simulation;

/// <summary>A handle as our own ring is: it lends packets, whose bytes are gone when they are given back.</summary>
internal sealed unsafe class SimulatedRing(SimulatedWire wire, int point, int linkType)
    : SimulatedHandle(wire, point, linkType), ILendingHandle
{
    private readonly SimulatedWire _wire = wire;
    private readonly int _point = point;
    private readonly List<SimulatedFrame> _lent = [];
    private readonly List<nint> _memory = [];
    private long _ignoredBefore;

    public int Take(PacketPointers columns, int countMax)
    {
        _wire.Require(_lent.Count == 0, "packets were asked for before the others were given back");
        Look();
        _ignoredBefore = _wire.Ignored(_point);

        // A ring lends what lies in one block, which is not all it has.
        int most = Math.Min(countMax, _wire.Plan.FramesOfBlock);
        while (_lent.Count < most && TakeFrame() is { } frame)
        {
            byte[] captured = frame.Stamped.Captured;
            nint memory = (nint)NativeMemory.Alloc((nuint)captured.Length + 1);
            Marshal.Copy(captured, 0, memory, captured.Length);
            columns.Data[_lent.Count] = (byte*)memory;
            columns.CapturedLength[_lent.Count] = (uint)captured.Length;
            columns.WireLength[_lent.Count] = frame.Stamped.OriginalLength;
            columns.Time[_lent.Count] = frame.Stamped.TimestampNs;
            _lent.Add(frame);
            _memory.Add(memory);
        }

        return _lent.Count;
    }

    public void GiveBack()
    {
        int ignored = 0;
        foreach ((SimulatedFrame frame, nint memory) in _lent.Zip(_memory))
        {
            new Span<byte>((void*)memory, frame.Stamped.Captured.Length).Fill(Garbage);
            NativeMemory.Free((void*)memory);
            bool isIgnored = IsToBeIgnored(frame);
            ignored += isIgnored ? 1 : 0;
            Note(frame, isIgnored);
        }

        _wire.Require(_wire.Ignored(_point) - _ignoredBefore == ignored, "other frames were ignored than came before the start");
        _lent.Clear();
        _memory.Clear();
    }
}
