using System.Runtime.Intrinsics.X86;
using FlowMeter.Engine.Decode;
using FlowMeter.Engine.Memory;

namespace FlowMeter.Engine.Flow;

/// <summary>
/// The live flows: columns of rows and the index that finds them. The address space of all rows is reserved at start, pages are used as
/// flows come; the index grows by doubling.
/// </summary>
internal sealed unsafe class FlowTable : IDisposable
{
    /// <summary>More flows would not fit the 32 bits of a row's number.</summary>
    public const long MaxFlows = 2_000_000_000;

    private const long None = -1;
    private const long FirstIndexEntries = 1 << 14;

    private readonly FlowHash _hash;
    private readonly HashIndex _index;
    private long _freeRow = None;

    /// <summary>
    /// Makes a table of at most <paramref name="maxFlows"/> flows (1 to <see cref="MaxFlows"/>) of a layout; null for the common one.
    /// </summary>
    public FlowTable(long maxFlows, FlowHash hash, FlowLayout? layout = null)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(maxFlows, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(maxFlows, MaxFlows);
        _hash = hash;
        Columns = new FlowColumns(maxFlows, layout)
        {
            Histories = layout?.Histories is { } arena ? new HistoryBlocks(arena) : null,
            Names = layout?.Names is { } names ? new NamedFlows(names, layout.HostNames!) : null,
        };
        _index = new HashIndex(Math.Min(maxFlows, FirstIndexEntries));
    }

    public FlowColumns Columns { get; }

    public HashIndex Index => _index;

    /// <summary>Live flows.</summary>
    public long Count => _index.Count;

    /// <summary>
    /// Rows that have been used, from the first on (<see cref="FlowColumns.RowOf"/>); those that are not live wait to be used again.
    /// </summary>
    public long Used { get; private set; }

    /// <summary>Whether a flow has to leave before another can come.</summary>
    public bool IsFull => _index.Count == Columns.Flows;

    /// <summary>The row of a key, or -1.</summary>
    public long Find(FlowKey* key, ulong hash)
    {
        HashIndex.Candidates candidates = _index.Find(hash);
        long row = candidates.Next();
        while (row >= 0 && !FlowHeader.Is(Columns.Header(row), key))
        {
            row = candidates.Next();
        }

        return row;
    }

    /// <summary>Gives a row to a key that has none. Only the row's key is written. The table must not be full.</summary>
    public long Insert(in FlowKey key, ulong hash)
    {
        if (_index.Count == _index.Limit)
        {
            _index.Grow(HashOf, Prefetch);
        }

        long row = _freeRow;
        if (row == None)
        {
            row = FlowColumns.RowOf(Used++);
        }
        else
        {
            _freeRow = Columns.Header(row)->First;
        }

        _index.Add(hash, (uint)row);
        Columns.Header(row)->Key = key;
        return row;
    }

    /// <summary>Takes the flow of a row out of the table.</summary>
    public void Remove(long row)
    {
        FlowHeader* header = Columns.Header(row);
        _index.Remove(HashOf((uint)row), (uint)row);
        header->Version = 0;
        header->First = _freeRow;
        _freeRow = row;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _index.Dispose();
        Columns.Dispose();
    }

    private void Prefetch(uint row)
    {
        if (Sse.IsSupported)
        {
            Sse.Prefetch0(Columns.Header(row));
        }
    }

    private ulong HashOf(uint row)
    {
        FlowHeader* header = Columns.Header(row);
        FlowKey key = new(header->Key.AUpper, header->Key.ALower, header->Key.BUpper, header->Key.BLower, header->Tail & FlowKey.TailMask);
        return _hash.Compute(in key);
    }
}
