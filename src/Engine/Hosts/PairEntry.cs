using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using FlowMeter.Engine.Capture;

namespace FlowMeter.Engine.Hosts;

/// <summary>The flows of one source to one service of one destination: a cache line for what begins, and one for what came of it.</summary>
[StructLayout(LayoutKind.Explicit, Size = 128)]
internal unsafe struct PairEntry
{
    /// <summary>Gaps and sizes that are remembered.</summary>
    public const int Kept = 8;

    /// <summary>What the entry is about.</summary>
    [FieldOffset(0)]
    public ulong Hash;

    /// <summary>The newest start of a flow, ns.</summary>
    [FieldOffset(8)]
    public long Clock;

    /// <summary>Flows so far.</summary>
    [FieldOffset(16)]
    public uint Flows;

    [FieldOffset(20)]
    private uint _gaps;

    [FieldOffset(24)]
    private uint _sizes;

    [FieldOffset(32)]
    private fixed float _gap[Kept];

    [FieldOffset(64)]
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
        if (count < 2)
        {
            return 0;
        }

        fixed (float* gaps = _gap)
        {
            // Places that are still free hold 0.
            (Vector256<double> low, Vector256<double> high) = Vector256.Widen(Vector256.Load(gaps));
            double mean = Vector256.Sum(low + high) / count;
            low = Deviation(low, mean, count, Vector256.Create(0.0, 1, 2, 3));
            high = Deviation(high, mean, count, Vector256.Create(4.0, 5, 6, 7));
            return mean == 0 ? 0 : (float)(Math.Sqrt(Vector256.Sum((low * low) + (high * high)) / count) / mean);
        }
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

    private static Vector256<double> Deviation(Vector256<double> gaps, double mean, int count, Vector256<double> places) =>
        (gaps - Vector256.Create(mean)) & Vector256.LessThan(places, Vector256.Create((double)count));
}
