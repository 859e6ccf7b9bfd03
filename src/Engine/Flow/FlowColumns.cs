using System.Diagnostics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using FlowMeter.Engine.Decode;
using FlowMeter.Engine.Memory;

namespace FlowMeter.Engine.Flow;

/// <summary>
/// The state of flows as a struct of arrays, in tiles of a page: seventeen flows' identities lie side by side in it, then what their ends sent, then their gaps. A packet touches three cache
/// lines of its flow, and one page: where memory is virtual twice over, as in most clouds, finding a page costs as much as reading a line. 240 bytes a flow. All sums are exact integers.
/// Profiles that keep more have a further column of their own, in which all that is a flow's lies side by side.
/// </summary>
internal sealed unsafe class FlowColumns : IDisposable
{
    /// <summary>Bytes of one flow in all columns.</summary>
    public static readonly int BytesPerFlow =
        sizeof(FlowHeader) + sizeof(GapSums) + (2 * sizeof(EndpointSums)) + sizeof(FlowColdFields);

    /// <summary>Flows of a tile.</summary>
    public const int TileFlows = 17;

    private const int TileBytes = 4096;

    // A row's number is its tile's times this, and its place in the tile: no division to find it.
    private const int TileRows = 32;
    private const int LowAt = TileFlows * 64;
    private const int HighAt = 2 * LowAt;
    private const int GapsAt = 3 * LowAt;
    private const int RemainderAt = GapsAt + (TileFlows * 32);

    private readonly NativeColumn<Tile> _tiles;
    private readonly NativeColumn<byte>? _own;
    private readonly byte* _first;
    private readonly byte* _firstOwn;

    /// <summary>Makes columns for <paramref name="flows"/> flows of a layout; null for the common one.</summary>
    public FlowColumns(long flows, FlowLayout? layout = null)
    {
        Flows = flows;
        Layout = layout ?? FlowLayout.Common;
        if (Layout.ProfileStateBytes > 0)
        {
            _own = new NativeColumn<byte>(flows * Layout.ProfileStateBytes);
            _firstOwn = _own.First;
        }

        _tiles = new NativeColumn<Tile>((flows + TileFlows - 1) / TileFlows);
        _first = (byte*)_tiles.First;
    }

    /// <summary>Flows that there is room for.</summary>
    public long Flows { get; }

    /// <summary>What is kept of a flow beyond the common columns.</summary>
    public FlowLayout Layout { get; }

    /// <summary>Where these columns' flows get the blocks of their histories; null where there are none.</summary>
    public HistoryBlocks? Histories { get; init; }

    /// <summary>The row of the flow that is number <paramref name="index"/>, counted without gaps.</summary>
    public static long RowOf(long index) => (index / TileFlows * TileRows) + (index % TileFlows);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public FlowHeader* Header(long row) => (FlowHeader*)(TileOf(row) + (PlaceOf(row) * 64));

    /// <summary>What one end sent. Which end a packet is from is as unpredictable as a coin, so the place is computed, never branched to.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public EndpointSums* Side(long row, byte isHigh) => (EndpointSums*)(TileOf(row) + LowAt + (isHigh * (HighAt - LowAt)) + (PlaceOf(row) * 64));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public GapSums* Gaps(long row) => (GapSums*)(TileOf(row) + GapsAt + (PlaceOf(row) * 32));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public FlowColdFields* Remainder(long row) => (FlowColdFields*)(TileOf(row) + RemainderAt + (PlaceOf(row) * 16));

    /// <summary>The profile's own column, whose values have the size that the layout says.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public T* ProfileState<T>(long row)
        where T : unmanaged
    {
        Debug.Assert(sizeof(T) == Layout.ProfileStateBytes);
        return (T*)(_firstOwn + (IndexOf(row) * sizeof(T)));
    }

    /// <summary>Packets of a flow, from both ends.</summary>
    public ulong Packets(long row)
    {
        FlowState state = Header(row)->State;
        return ((state & FlowState.SeenA) != 0 ? Side(row, 0)->Packets : 0) + ((state & FlowState.SeenB) != 0 ? Side(row, 1)->Packets : 0);
    }

    /// <summary>Packets and bytes of a flow, from both ends.</summary>
    public (ulong Packets, ulong Bytes) Volume(long row)
    {
        FlowState state = Header(row)->State;
        EndpointSums low = (state & FlowState.SeenA) != 0 ? *Side(row, 0) : default;
        EndpointSums high = (state & FlowState.SeenB) != 0 ? *Side(row, 1) : default;
        return (low.Packets + high.Packets, low.Bytes + high.Bytes);
    }

    /// <summary>Copies a flow from a row of other columns into a row of these.</summary>
    public void Copy(long to, FlowColumns source, long from)
    {
        *Header(to) = *source.Header(from);
        *Gaps(to) = *source.Gaps(from);
        *Side(to, 0) = *source.Side(from, 0);
        *Side(to, 1) = *source.Side(from, 1);
        *Remainder(to) = *source.Remainder(from);
        if (_own != null)
        {
            Buffer.MemoryCopy(source.ProfileStateBytes(from), ProfileStateBytes(to), Layout.ProfileStateBytes, Layout.ProfileStateBytes);
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _tiles.Dispose();
        _own?.Dispose();
    }

    private byte* ProfileStateBytes(long row) => _firstOwn + (IndexOf(row) * Layout.ProfileStateBytes);

    /// <summary>The number of a row's flow, counted without gaps.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static long IndexOf(long row) => row - ((long)((ulong)row / TileRows) * (TileRows - TileFlows));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private byte* TileOf(long row) => _first + ((row & ~(TileRows - 1L)) * (TileBytes / TileRows));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static long PlaceOf(long row) => row & (TileRows - 1);

    [StructLayout(LayoutKind.Sequential, Size = TileBytes)]
    private struct Tile;
}

/// <summary>
/// Who the flow is between, its state and its times: one cache line. A row without a flow has an IP version of 0, which no key has.
/// </summary>
[StructLayout(LayoutKind.Explicit, Size = 64)]
internal unsafe struct FlowHeader
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

    /// <summary>Newest time of a packet from endpoint A; <see cref="First"/> while there is none.</summary>
    [FieldOffset(48)]
    public long LastA;

    /// <summary>Newest time of a packet from endpoint B; <see cref="First"/> while there is none.</summary>
    [FieldOffset(56)]
    public long LastB;

    public readonly bool IsLive => Version != 0;

    /// <summary>The newest time of the flow: the greater of two, without a branch that would be mispredicted half of the time.</summary>
    public readonly long Last
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get
        {
            long difference = LastA - LastB;
            return LastA - (difference & (difference >> 63));
        }
    }

    /// <summary>A FIN from both ends, or a RST (SPEC §2).</summary>
    public readonly bool IsClosed => (State & FlowState.Reset) != 0 || (State & FlowState.BothFins) == FlowState.BothFins;

    /// <summary>Whether the row's flow is the one of <paramref name="key"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool Is(FlowHeader* header, FlowKey* key)
    {
        Vector128<byte> low = Vector128.Load((byte*)header) ^ Vector128.Load((byte*)key);
        Vector128<byte> high = Vector128.Load((byte*)header + 16) ^ Vector128.Load((byte*)key + 16);
        return (low | high) == Vector128<byte>.Zero && ((header->Tail ^ key->Tail) & FlowKey.TailMask) == 0;
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
internal struct EndpointSums
{
    public ulong Packets;
    public ulong Bytes;

    /// <summary>The sum of squared sizes, its lower 64 bits; <see cref="FlowColdFields"/> has the rest, which only lying lengths ever need.</summary>
    public ulong SizeSquares;
    public uint SizeMinimum;
    public uint SizeMaximum;

    /// <summary>The gaps between successive packets of this end.</summary>
    public GapSums Gaps;
}

/// <summary>What is written once a flow, or never.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct FlowColdFields
{
    /// <summary>Time of the first packet of the end that did not send the flow's first packet, ns.</summary>
    public long OtherFirst;

    /// <summary>Bits 64 to 95 of endpoint A's sum of squared sizes.</summary>
    public uint SizeSquaresLow;

    /// <summary>Bits 64 to 95 of endpoint B's sum of squared sizes.</summary>
    public uint SizeSquaresHigh;
}
