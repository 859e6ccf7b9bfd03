using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using FlowMeter.Engine.Decode;
using FlowMeter.Engine.Memory;

namespace FlowMeter.Engine.Flow;

/// <summary>
/// The state of flows as a struct of arrays at the grain of cache lines: a packet touches its flow's identity, its gaps and one of its two sides,
/// three lines. The table of live flows and the blocks of ended ones have the same columns, 240 bytes a flow. All sums are exact integers.
/// </summary>
internal sealed unsafe class FlowColumns : IDisposable
{
    /// <summary>Bytes of one flow in all columns.</summary>
    public static readonly int BytesPerFlow =
        sizeof(FlowIdentity) + sizeof(GapSums) + (2 * sizeof(SideSums)) + sizeof(FlowRemainder);

    // Pointers beside their owners: one load to a column on the hot path, not two.
    public readonly FlowIdentity* Identity;
    public readonly GapSums* Gaps;
    public readonly SideSums* Low;

    /// <summary>
    /// Rows from the column of the lower end to that of the higher one. Which end sent a packet is as unpredictable as a coin, so the row is computed, never branched to.
    /// </summary>
    public readonly nint HighOffset;

    public readonly FlowRemainder* Remainder;

    private readonly NativeColumn<FlowIdentity> _identity;
    private readonly NativeColumn<GapSums> _gaps;
    private readonly NativeColumn<SideSums> _low;
    private readonly NativeColumn<SideSums> _high;
    private readonly NativeColumn<FlowRemainder> _remainder;

    public FlowColumns(long rows)
    {
        Rows = rows;
        _identity = new NativeColumn<FlowIdentity>(rows);
        _gaps = new NativeColumn<GapSums>(rows);
        _low = new NativeColumn<SideSums>(rows);
        _high = new NativeColumn<SideSums>(rows);
        _remainder = new NativeColumn<FlowRemainder>(rows);
        Identity = _identity.First;
        Gaps = _gaps.First;
        Low = _low.First;
        HighOffset = (nint)(_high.First - _low.First);
        Remainder = _remainder.First;
    }

    public long Rows { get; }

    /// <summary>What the higher endpoint sent.</summary>
    public SideSums* High => Low + HighOffset;

    /// <summary>What one end sent.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public SideSums* Side(long row, byte isHigh) => Low + row + (isHigh * HighOffset);

    /// <summary>Copies a flow from a row of other columns into a row of these.</summary>
    public void Copy(long to, FlowColumns source, long from)
    {
        Identity[to] = source.Identity[from];
        Gaps[to] = source.Gaps[from];
        Low[to] = source.Low[from];
        High[to] = source.High[from];
        Remainder[to] = source.Remainder[from];
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _identity.Dispose();
        _gaps.Dispose();
        _low.Dispose();
        _high.Dispose();
        _remainder.Dispose();
    }
}

/// <summary>
/// Who the flow is between, its state and its times: one cache line. A row without a flow has an IP version of 0, which no key has.
/// </summary>
[StructLayout(LayoutKind.Explicit, Size = 64)]
internal unsafe struct FlowIdentity
{
    [FieldOffset(0)]
    public FlowKey Key;

    /// <summary>The key's tail and, in the bits above it, <see cref="State"/>.</summary>
    [FieldOffset(32)]
    public ulong Tail;

    [FieldOffset(37)]
    public byte Version;

    [FieldOffset(38)]
    public FlowState State;

    /// <summary>Time of the first packet, ns.</summary>
    [FieldOffset(40)]
    public long First;

    /// <summary>Newest time of a packet from the lower endpoint; <see cref="First"/> while there is none.</summary>
    [FieldOffset(48)]
    public long LastLow;

    /// <summary>Newest time of a packet from the higher endpoint; <see cref="First"/> while there is none.</summary>
    [FieldOffset(56)]
    public long LastHigh;

    public readonly bool IsLive => Version != 0;

    /// <summary>The newest time of the flow: the greater of two, without a branch that would be mispredicted half of the time.</summary>
    public readonly long Last
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get
        {
            long difference = LastLow - LastHigh;
            return LastLow - (difference & (difference >> 63));
        }
    }

    /// <summary>A FIN from both ends, or a RST (SPEC §2).</summary>
    public readonly bool IsClosed => (State & FlowState.Reset) != 0 || (State & FlowState.BothFins) == FlowState.BothFins;

    /// <summary>Whether the row's flow is the one of <paramref name="key"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool Is(FlowIdentity* identity, FlowKey* key)
    {
        Vector128<byte> low = Vector128.Load((byte*)identity) ^ Vector128.Load((byte*)key);
        Vector128<byte> high = Vector128.Load((byte*)identity + 16) ^ Vector128.Load((byte*)key + 16);
        return (low | high) == Vector128<byte>.Zero && ((identity->Tail ^ key->Tail) & FlowKey.TailMask) == 0;
    }
}

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

/// <summary>What one end sent: one cache line. Valid only once the flow's state says that this end has sent something.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct SideSums
{
    public ulong Packets;
    public ulong Bytes;

    /// <summary>The sum of squared sizes, its lower 64 bits; <see cref="FlowRemainder"/> has the rest, which only lying lengths ever need.</summary>
    public ulong SizeSquares;
    public uint SizeMinimum;
    public uint SizeMaximum;

    /// <summary>The gaps between successive packets of this end.</summary>
    public GapSums Gaps;
}

/// <summary>What is written once a flow, or never.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct FlowRemainder
{
    /// <summary>Time of the first packet of the end that did not send the flow's first packet, ns.</summary>
    public long OtherFirst;

    /// <summary>Bits 64 to 95 of the lower end's sum of squared sizes.</summary>
    public uint SizeSquaresLow;

    /// <summary>Bits 64 to 95 of the higher end's sum of squared sizes.</summary>
    public uint SizeSquaresHigh;
}
