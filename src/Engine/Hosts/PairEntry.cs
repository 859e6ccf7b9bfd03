using System.Runtime.InteropServices;
using FlowMeter.Engine.Capture;

namespace FlowMeter.Engine.Hosts;

/// <summary>The flows of one source to one service of one destination: two cache lines.</summary>
[StructLayout(LayoutKind.Explicit, Size = 128)]
internal unsafe struct PairEntry
{
    /// <summary>Gaps and sizes that are remembered.</summary>
    public const int Kept = 8;

    /// <summary>Only its first 44 bytes are the header's.</summary>
    [FieldOffset(0)]
    public LedgerHeader Header;

    /// <summary>Flows so far.</summary>
    [FieldOffset(44)]
    public uint Flows;

    /// <summary>The newest start of a flow, ns.</summary>
    [FieldOffset(48)]
    public long Clock;

    [FieldOffset(56)]
    private uint _gaps;

    [FieldOffset(60)]
    private uint _sizes;

    [FieldOffset(64)]
    private fixed float _gap[Kept];

    [FieldOffset(96)]
    private fixed uint _size[Kept];

    /// <summary>Counts a flow that begins.</summary>
    /// <param name="time">Its start, ns.</param>
    /// <param name="before">Receives how many there were before.</param>
    /// <returns>Time since the start of the one before, ns; 0 where there is none.</returns>
    public long Take(long time, out uint before)
    {
        before = Flows;
        Flows += Flows < uint.MaxValue ? 1u : 0;
        if (before == 0 || time < Clock - Damping.Memory)
        {
            Clock = time;
            return 0;
        }

        long gap = Math.Max(time - Clock, 0);
        _gap[_gaps++ % Kept] = (float)(gap / (double)CaptureTime.Second);
        Clock = Math.Max(Clock, time);
        return gap;
    }

    /// <summary>The coefficient of variation of the last gaps, the newest one included; 0 for fewer than two, or a mean of 0.</summary>
    public readonly float GapVariation()
    {
        int count = (int)Math.Min(_gaps, Kept);
        double sum = 0;
        for (int i = 0; i < count; i++)
        {
            sum += _gap[i];
        }

        double mean = sum / count;
        double squares = 0;
        for (int i = 0; i < count; i++)
        {
            squares += (_gap[i] - mean) * (_gap[i] - mean);
        }

        return count < 2 || mean == 0 ? 0 : (float)(Math.Sqrt(squares / count) / mean);
    }

    /// <summary>
    /// The share of the last flows whose first twelve packets had about this payload: the two differ by at most an eighth of the larger.
    /// Then remembers it.
    /// </summary>
    public float ShareOfSize(uint size)
    {
        int count = (int)Math.Min(_sizes, Kept);
        int alike = 0;
        for (int i = 0; i < count; i++)
        {
            ulong larger = Math.Max(_size[i], size);
            ulong smaller = Math.Min(_size[i], size);
            alike += (larger - smaller) * 8 <= larger ? 1 : 0;
        }

        _size[_sizes++ % Kept] = size;
        return count == 0 ? 0 : (float)alike / count;
    }
}
