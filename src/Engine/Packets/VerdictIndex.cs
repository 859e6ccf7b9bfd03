using System.Runtime.InteropServices;
using FlowMeter.Engine.Decode;
using FlowMeter.Engine.Export;
using FlowMeter.Engine.Features;
using FlowMeter.Engine.Flow;
using FlowMeter.Engine.Memory;

namespace FlowMeter.Engine.Packets;

/// <summary>
/// The flows of a metering process and the verdicts on them, 64 bytes each. The second pass over the same packets finds them by key, first
/// time and, where several flows of a key began at one time, the order in which they ended, which is that in which they began.
/// </summary>
public sealed unsafe class VerdictIndex : IFlowObserver, IDisposable
{
    private const long FirstCapacity = 1 << 14;

    private readonly Lock _lock = new();
    private NativeColumn<Entry> _entries = new(FirstCapacity);
    private long _count;

    /// <summary>The flows whose packets are wanted; null: nobody asks for some.</summary>
    public FlowSelection? Selection { get; init; }

    /// <summary>Flows that have not been found yet, once they are sorted.</summary>
    public long Unfound { get; private set; }

    /// <inheritdoc/>
    IFlowSink IFlowObserver.Observe(IFlowSink sink, FeatureBlock features) => new VerdictIndexSink(this, sink);

    /// <inheritdoc/>
    bool IFlowObserver.SeesOriginals => true;

    /// <summary>Notes a flow that came out.</summary>
    /// <param name="header">The flow.</param>
    /// <param name="order">Grows with every flow of a key that ends.</param>
    /// <param name="verdict">What the model said; null without one.</param>
    /// <param name="score">Its probability.</param>
    /// <param name="isSelected">Whether its packets are wanted.</param>
    internal void Add(FlowHeader* header, long order, Verdict? verdict, double score, bool isSelected = false) => Add(
        header,
        order,
        (verdict == null ? EntryState.None : EntryState.Judged | (EntryState)((int)verdict << Entry.VerdictShift))
            | (isSelected ? EntryState.Selected : EntryState.None),
        score);

    /// <summary>Notes a flow that had too few packets to come out.</summary>
    internal void AddLeftOut(FlowHeader* header, long order) => Add(header, order, EntryState.LeftOut, 0);

    /// <summary>Puts the flows in order, once all are there and before the first is looked for.</summary>
    internal void Sort()
    {
        // Spans end at 2^31 values; so many flows are 128 GiB.
        new Span<Entry>(_entries.First, checked((int)_count)).Sort(static (a, b) => a.CompareTo(in b));
        Unfound = _count;
    }

    /// <summary>The number of a flow that begins, or -1 if there was no such flow, or not so many of them.</summary>
    internal long Find(in FlowKey key, long first)
    {
        Entry wanted = new() { Key = key, First = first, Order = long.MinValue };
        long low = 0;
        long high = _count;
        while (low < high)
        {
            long middle = low + ((high - low) / 2);
            (low, high) = _entries[middle].CompareTo(in wanted) < 0 ? (middle + 1, high) : (low, middle);
        }

        for (; low < _count && _entries[low].IsOf(in wanted); low++)
        {
            if ((_entries[low].State & EntryState.Found) == 0)
            {
                _entries[low].State |= EntryState.Found;
                Unfound--;
                return low;
            }
        }

        return -1;
    }

    /// <summary>Whether a flow had too few packets to come out.</summary>
    internal bool IsLeftOut(long number) => (_entries[number].State & EntryState.LeftOut) != 0;

    /// <summary>Whether the packets of a flow are wanted.</summary>
    internal bool IsSelected(long number) => (_entries[number].State & EntryState.Selected) != 0;

    /// <summary>The verdict on a flow; null without a model.</summary>
    internal Verdict? VerdictOf(long number) => (_entries[number].State & EntryState.Judged) == 0
        ? null
        : (Verdict)(((int)_entries[number].State >> Entry.VerdictShift) & 3);

    /// <summary>The model's probability that a flow is malicious.</summary>
    internal double ScoreOf(long number) => _entries[number].Score;

    /// <inheritdoc/>
    public void Dispose() => _entries.Dispose();

    private void Add(FlowHeader* header, long order, EntryState state, double score)
    {
        ref readonly FlowKey key = ref header->Key;
        Entry entry = new()
        {
            Key = new FlowKey(key.AUpper, key.ALower, key.BUpper, key.BLower, header->Tail & FlowKey.TailMask),
            First = header->First,
            Order = order,
            Score = score,
        };
        entry.State = state;
        lock (_lock)
        {
            if (_count == _entries.Length)
            {
                Grow();
            }

            _entries[_count++] = entry;
        }
    }

    private void Grow()
    {
        NativeColumn<Entry> larger = new(_entries.Length * 2);
        long bytes = _entries.Length * sizeof(Entry);
        Buffer.MemoryCopy(_entries.First, larger.First, bytes, bytes);
        _entries.Dispose();
        _entries = larger;
    }

    [Flags]
    private enum EntryState : byte
    {
        None = 0,
        Judged = 1,
        LeftOut = 2,
        Found = 4,
        Selected = 8,
    }

    [StructLayout(LayoutKind.Explicit, Size = 64)]
    private struct Entry
    {
        public const int VerdictShift = 4;

        [FieldOffset(0)]
        public FlowKey Key;

        /// <summary>In the bits of the key's tail that are not the key's.</summary>
        [FieldOffset(39)]
        public EntryState State;

        [FieldOffset(32)]
        public ulong Tail;

        [FieldOffset(40)]
        public long First;

        [FieldOffset(48)]
        public long Order;

        [FieldOffset(56)]
        public double Score;

        public readonly bool IsOf(in Entry other) =>
            Key.ALower == other.Key.ALower && Key.BLower == other.Key.BLower && First == other.First
                && ((Tail ^ other.Tail) & FlowKey.TailMask) == 0
            && Key.AUpper == other.Key.AUpper && Key.BUpper == other.Key.BUpper;

        public readonly int CompareTo(in Entry other)
        {
            int order = Key.ALower.CompareTo(other.Key.ALower);
            order = order != 0 ? order : Key.BLower.CompareTo(other.Key.BLower);
            order = order != 0 ? order : (Tail & FlowKey.TailMask).CompareTo(other.Tail & FlowKey.TailMask);
            order = order != 0 ? order : Key.AUpper.CompareTo(other.Key.AUpper);
            order = order != 0 ? order : Key.BUpper.CompareTo(other.Key.BUpper);
            order = order != 0 ? order : First.CompareTo(other.First);
            return order != 0 ? order : Order.CompareTo(other.Order);
        }
    }
}
