using System.Buffers.Binary;
using System.Text;
using FlowMeter.Engine.Hosts;

namespace FlowMeter.Engine.Watch;

/// <summary>The newest suspicious flows: a fixed number of places. Any thread may add and ask.</summary>
internal sealed class FlowRing
{
    private const int MaxNeighbours = 50;
    private const int MaxWords = 8;

    private readonly KeptFlow[] _places;
    private readonly int _flowsPerSecond;
    private readonly Lock _lock = new();
    private long _newest;
    private int _left;
    private long _passed;

    /// <summary>Makes an empty ring.</summary>
    /// <param name="capacity">Places.</param>
    /// <param name="flowsPerSecond">Flows that are taken between two ticks at most.</param>
    public FlowRing(int capacity, int flowsPerSecond)
    {
        _places = [.. Enumerable.Range(0, capacity).Select(_ => new KeptFlow())];
        _flowsPerSecond = flowsPerSecond;
        _left = flowsPerSecond;
    }

    /// <summary>The number of the newest flow; 0: none yet.</summary>
    public long Newest => Volatile.Read(ref _newest);

    /// <summary>Flows for which there was no reservation.</summary>
    public long Passed => Volatile.Read(ref _passed);

    /// <summary>Whether another flow may be added before the next tick. Asked before its row is written, which is what costs.</summary>
    public bool TryReserve()
    {
        if (Interlocked.Decrement(ref _left) >= 0)
        {
            return true;
        }

        Interlocked.Increment(ref _passed);
        return false;
    }

    /// <summary>A second is over.</summary>
    public void Tick() => Volatile.Write(ref _left, _flowsPerSecond);

    /// <summary>Adds a flow in place of the oldest.</summary>
    /// <param name="key">Who it is between.</param>
    /// <param name="numbers">What it is sorted by.</param>
    /// <param name="text">Its texts (<see cref="FlowText"/>).</param>
    /// <param name="row">All that is known of it, as a JSON object.</param>
    public void Add(in TalkKey key, in FlowNumbers numbers, ReadOnlySpan<byte> text, ReadOnlySpan<byte> row)
    {
        lock (_lock)
        {
            long number = _newest + 1;
            _places[(number - 1) % _places.Length].Take(number, in key, in numbers, text, row);
            Volatile.Write(ref _newest, number);
        }
    }

    /// <summary>Finds flows. The lock is held for some milliseconds; exporters wait, packets do not.</summary>
    public FoundFlows Find(FlowQuery query)
    {
        byte[][] words = [.. query.Search.Split(default(char[]), StringSplitOptions.RemoveEmptyEntries).Take(MaxWords).Select(
            word => Encoding.UTF8.GetBytes(word.ToLowerInvariant()))];
        lock (_lock)
        {
            KeptFlow[] matching = [.. Kept().Where(flow => Matches(flow, words))];
            Array.Sort(matching, (a, b) => (query.IsAscending ? 1 : -1) * Compare(a, b, query.Order));
            return new FoundFlows(
                [.. matching.Take(query.Max).Select(flow => flow.ToWatched())], matching.Length, (int)Math.Min(_newest, _places.Length));
        }
    }

    /// <summary>A flow and its neighbours; null where it is not kept.</summary>
    public FlowDetail? Detail(long number)
    {
        lock (_lock)
        {
            if (number < 1 || _places[(number - 1) % _places.Length] is not { } flow || flow.Number != number)
            {
                return null;
            }

            IEnumerable<KeptFlow> neighbours = Kept().Where(other => other != flow && IsNeighbour(other.Key, flow.Key))
                .OrderByDescending(other => other.Number).Take(MaxNeighbours);
            return new FlowDetail(flow.ToWatched(), flow.Row.ToArray(), [.. neighbours.Select(other => other.ToWatched())]);
        }
    }

    private static bool IsNeighbour(in TalkKey a, in TalkKey b) =>
        a.Source == b.Source || a.Destination == b.Destination || a.Source == b.Destination || a.Destination == b.Source;

    private static bool Matches(KeptFlow flow, byte[][] words)
    {
        foreach (byte[] word in words)
        {
            if (!Contains(flow.Text, word))
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>Whether a word in lower case is somewhere in a text of any case.</summary>
    private static bool Contains(ReadOnlySpan<byte> text, byte[] word)
    {
        for (int i = 0; i + word.Length <= text.Length; i++)
        {
            if (Ascii.EqualsIgnoreCase(text.Slice(i, word.Length), word) || text.Slice(i, word.Length).SequenceEqual(word))
            {
                return true;
            }
        }

        return false;
    }

    private static int Compare(KeptFlow a, KeptFlow b, FlowOrder order)
    {
        FlowNumbers left = a.Numbers;
        FlowNumbers right = b.Numbers;
        int compared = order switch
        {
            FlowOrder.Source => Compare(a.Key.Source, b.Key.Source),
            FlowOrder.Destination when Compare(a.Key.Destination, b.Key.Destination) is not 0 and var hosts => hosts,
            FlowOrder.Destination => a.Key.Port.CompareTo(b.Key.Port),
            FlowOrder.Packets => left.Packets.CompareTo(right.Packets),
            FlowOrder.Bytes => left.Bytes.CompareTo(right.Bytes),
            FlowOrder.Duration => (left.Last - left.First).CompareTo(right.Last - right.First),
            FlowOrder.Score => left.Score.CompareTo(right.Score),
            _ => 0,
        };
        return compared != 0 ? compared : a.Number.CompareTo(b.Number);
    }

    private static int Compare(HostAddress a, HostAddress b) =>
        (a.Version, Ordered(a.Upper), Ordered(a.Lower)).CompareTo((b.Version, Ordered(b.Upper), Ordered(b.Lower)));

    /// <summary>Addresses stand in memory as in a packet: the first byte counts most.</summary>
    private static ulong Ordered(ulong half) => BitConverter.IsLittleEndian ? BinaryPrimitives.ReverseEndianness(half) : half;

    private IEnumerable<KeptFlow> Kept() => _places.Where(flow => flow.Number > 0);
}
