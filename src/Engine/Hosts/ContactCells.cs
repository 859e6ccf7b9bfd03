using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using FlowMeter.Engine.Capture;

namespace FlowMeter.Engine.Hosts;

/// <summary>
/// About how many different values came in each window: 32 cells, each with the newest time of the values that hash to it, in steps of
/// 1/32 s. Of n values on 32 cells k are hit; the estimate is −32·ln(1 − k/32) (linear counting, Whang et al. 1990). In 19 of 20 cases it
/// is within 2 of 5 values, 3 of 10, 7 of 20 and 14 of 40; all cells hit count as 31. One cache line.
/// </summary>
[StructLayout(LayoutKind.Sequential, Size = Cells * sizeof(ushort))]
internal unsafe struct ContactCells
{
    /// <summary>Number of cells.</summary>
    public const int Cells = 32;

    /// <summary>The longest window, in steps.</summary>
    public const ushort Longest = 600 * 32;

    private const long Step = CaptureTime.Second / 32;

    private fixed ushort _times[Cells];

    /// <summary>A time as a cell has it, never 0, which is an empty cell.</summary>
    public static ushort TimeOf(long nanoseconds) => (ushort)(nanoseconds / Step) is var time && time == 0 ? (ushort)1 : time;

    /// <summary>Marks the cell of a value.</summary>
    /// <param name="hash">A hash of the value.</param>
    /// <param name="now">The time, no older than any before (<see cref="TimeOf"/>).</param>
    public void Mark(ulong hash, ushort now) => _times[hash % Cells] = now;

    /// <summary>Empties the cells whose time is beyond the longest window: half an hour later it would seem new again.</summary>
    public void Purge(ushort now)
    {
        for (int i = 0; i < Cells; i++)
        {
            _times[i] = (ushort)(now - _times[i]) > Longest ? (ushort)0 : _times[i];
        }
    }

    /// <summary>Counts the cells hit within each window of <see cref="Damping.Seconds"/>.</summary>
    /// <param name="now">The time.</param>
    /// <param name="hit">Receives a number for each window.</param>
    public readonly void Count(ushort now, byte* hit)
    {
        fixed (ushort* times = _times)
        {
            Vector256<ushort> low = Ages(Vector256.Load(times), now);
            Vector256<ushort> high = Ages(Vector256.Load(times + Vector256<ushort>.Count), now);
            for (int window = 0; window < Damping.Windows; window++)
            {
                Vector256<ushort> longest = Vector256.Create((ushort)(Damping.Seconds[window] * 32));
                hit[window] = Hit(Vector256.LessThanOrEqual(low, longest), Vector256.LessThanOrEqual(high, longest));
            }
        }
    }

    /// <summary>The scalar twin of <see cref="Count"/>.</summary>
    internal readonly void CountOneByOne(ushort now, byte* hit)
    {
        for (int window = 0; window < Damping.Windows; window++)
        {
            hit[window] = 0;
            for (int i = 0; i < Cells; i++)
            {
                hit[window] += _times[i] != 0 && (ushort)(now - _times[i]) <= Damping.Seconds[window] * 32 ? (byte)1 : (byte)0;
            }
        }
    }

    /// <summary>How old cells are; empty ones are older than all windows.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<ushort> Ages(Vector256<ushort> times, ushort now) =>
        (Vector256.Create(now) - times) | Vector256.Equals(times, Vector256<ushort>.Zero);

    /// <summary>
    /// Counts the set lanes of two masks: the lower bytes of one and the upper bytes of the other make one mask of bytes.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static byte Hit(Vector256<ushort> low, Vector256<ushort> high) => (byte)BitOperations.PopCount(
        Vector256.ConditionalSelect(Vector256.Create((ushort)0xFF), low, high).AsByte().ExtractMostSignificantBits());
}
