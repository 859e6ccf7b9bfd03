using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace FlowMeter.Engine.Flow;

/// <summary>The gaps between successive packets of the whole flow. Their sum is the flow's last time minus its first.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct GapSums
{
    public ulong SquaresLow;
    public ulong SquaresHigh;
    public ulong Minimum;
    public ulong Maximum;

    /// <summary>The sum of squared gaps, ns².</summary>
    public readonly UInt128 Squares => new(SquaresHigh, SquaresLow);

    /// <summary>No gap yet.</summary>
    public static GapSums None => new() { Minimum = ulong.MaxValue };

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Add(ulong gap)
    {
        // Most gaps are below 4 s: their squares fit one word.
        ulong low = gap * gap;
        ulong high = gap > uint.MaxValue ? Math.BigMul(gap, gap, out _) : 0;
        ulong sum = SquaresLow + low;
        SquaresHigh += high + (sum < low ? 1u : 0u);
        SquaresLow = sum;
        Minimum = Math.Min(Minimum, gap);
        Maximum = Math.Max(Maximum, gap);
    }
}
