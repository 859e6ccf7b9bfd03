using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
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
    }

    public long Rows { get; }

    public FlowIdentity* Identity => _identity.First;

    public GapSums* Gaps => _gaps.First;

    /// <summary>What the lower endpoint sent.</summary>
    public SideSums* Low => _low.First;

    /// <summary>What the higher endpoint sent.</summary>
    public SideSums* High => _high.First;

    public FlowRemainder* Remainder => _remainder.First;

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
internal struct FlowIdentity
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

    /// <summary>The newest time of the flow.</summary>
    public readonly long Last => Math.Max(LastLow, LastHigh);

    /// <summary>A FIN from both ends, or a RST (SPEC §2).</summary>
    public readonly bool IsClosed => (State & FlowState.Reset) != 0 || (State & FlowState.BothFins) == FlowState.BothFins;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public readonly bool Is(in FlowKey key) =>
        ((Key.LowA ^ key.LowA) | (Key.LowB ^ key.LowB) | (Key.HighA ^ key.HighA) | (Key.HighB ^ key.HighB) | ((Tail ^ key.Tail) & FlowKey.TailMask)) == 0;
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
        ulong high = Math.BigMul(gap, gap, out ulong low);
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
