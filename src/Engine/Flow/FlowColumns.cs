using System.Diagnostics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using FlowMeter.Engine.Memory;

namespace FlowMeter.Engine.Flow;

/// <summary>
/// The state of flows as a struct of arrays, in tiles of a page: seventeen flows' identities lie side by side in it, then what their ends
/// sent, then their gaps. A packet touches three cache lines of its flow, and one page: where memory is virtual twice over, as in most
/// clouds, finding a page costs as much as reading a line. 240 bytes a flow. All sums are exact integers. Profiles that keep more have a
/// further column of their own, in which all that is a flow's lies side by side.
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
    private const int EndpointAAt = TileFlows * 64;
    private const int EndpointBAt = 2 * EndpointAAt;
    private const int GapsAt = 3 * EndpointAAt;
    private const int ColdFieldsAt = GapsAt + (TileFlows * 32);

    private readonly NativeColumn<Tile> _tiles;
    private readonly NativeColumn<byte>? _own;
    private readonly NativeColumn<byte>? _annotations;
    private readonly byte* _first;
    private readonly byte* _firstOwn;
    private readonly byte* _firstAnnotation;

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

        if (Layout.AnnotationBytes > 0)
        {
            _annotations = new NativeColumn<byte>(flows * Layout.AnnotationBytes);
            _firstAnnotation = _annotations.First;
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

    /// <summary>Names these columns' flows; null where none are asked for. Becomes theirs.</summary>
    public NamedFlows? Names { get; init; }

    /// <summary>The row of the flow that is number <paramref name="index"/>, counted without gaps.</summary>
    public static long RowOf(long index) => (index / TileFlows * TileRows) + (index % TileFlows);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public FlowHeader* Header(long row) => (FlowHeader*)(TileOf(row) + (PlaceOf(row) * 64));

    /// <summary>
    /// What one end sent. Which end a packet is from is as unpredictable as a coin, so the place is computed, never branched to.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public EndpointSums* Endpoint(long row, byte isB) =>
        (EndpointSums*)(TileOf(row) + EndpointAAt + (isB * (EndpointBAt - EndpointAAt)) + (PlaceOf(row) * 64));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public GapSums* Gaps(long row) => (GapSums*)(TileOf(row) + GapsAt + (PlaceOf(row) * 32));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public FlowColdFields* ColdFields(long row) => (FlowColdFields*)(TileOf(row) + ColdFieldsAt + (PlaceOf(row) * 16));

    /// <summary>The profile's own column, whose values have the size that the layout says.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public T* ProfileState<T>(long row)
        where T : unmanaged
    {
        Debug.Assert(sizeof(T) == Layout.ProfileStateBytes);
        return (T*)(_firstOwn + (IndexOf(row) * sizeof(T)));
    }

    /// <summary>Both ends of a flow's connection, where the layout has annotations.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public ConnectionTrack* Connection(long row) => (ConnectionTrack*)(_firstAnnotation + (IndexOf(row) * Layout.AnnotationBytes));

    /// <summary>What is kept of a flow beside its statistics, where the layout has names.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public FlowAnnotations* Annotations(long row) => (FlowAnnotations*)Connection(row);

    /// <summary>Packets of a flow, from both ends.</summary>
    public ulong Packets(long row)
    {
        FlowState state = Header(row)->State;
        return ((state & FlowState.SeenA) != 0 ? Endpoint(row, 0)->Packets : 0)
            + ((state & FlowState.SeenB) != 0 ? Endpoint(row, 1)->Packets : 0);
    }

    /// <summary>Packets and bytes of a flow, from both ends.</summary>
    public (ulong Packets, ulong Bytes) Volume(long row)
    {
        FlowState state = Header(row)->State;
        EndpointSums low = (state & FlowState.SeenA) != 0 ? *Endpoint(row, 0) : default;
        EndpointSums high = (state & FlowState.SeenB) != 0 ? *Endpoint(row, 1) : default;
        return (low.Packets + high.Packets, low.Bytes + high.Bytes);
    }

    /// <summary>Copies a flow from a row of other columns into a row of these.</summary>
    public void Copy(long to, FlowColumns source, long from)
    {
        *Header(to) = *source.Header(from);
        *Gaps(to) = *source.Gaps(from);
        *Endpoint(to, 0) = *source.Endpoint(from, 0);
        *Endpoint(to, 1) = *source.Endpoint(from, 1);
        *ColdFields(to) = *source.ColdFields(from);
        if (_own != null)
        {
            Buffer.MemoryCopy(source.ProfileStateBytes(from), ProfileStateBytes(to), Layout.ProfileStateBytes, Layout.ProfileStateBytes);
        }

        if (_annotations != null)
        {
            Buffer.MemoryCopy(source.Connection(from), Connection(to), Layout.AnnotationBytes, Layout.AnnotationBytes);
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _tiles.Dispose();
        _own?.Dispose();
        _annotations?.Dispose();
        Names?.Dispose();
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
