using System.Runtime.Intrinsics.X86;
using BenchmarkDotNet.Attributes;
using FlowMeter.Bench.Naive;
using FlowMeter.Engine.Decode;
using FlowMeter.Engine.Flow;
using FlowMeter.Engine.Memory;

namespace FlowMeter.Bench;

/// <summary>
/// From key to row, a packet an operation. Flows are visited at random, and the largest table about once a flow, so that it is as cold as
/// in the meter.
/// </summary>
[Config(typeof(InProcessRun))]
public unsafe class LookupBench : IDisposable
{
    private const int Packets = 1 << 20;
    private const int BucketsAhead = 12;

    private readonly NativeColumn<FlowKey> _packets = new(Packets);
    private readonly NaiveKey[] _naivePackets = new NaiveKey[Packets];
    private readonly Dictionary<NaiveKey, int> _dictionary = [];
    private readonly FlowHash _hash = new();
    private FlowTable _table = null!;
    private PacketWindow _current = new();
    private PacketWindow _previous = new();

    [Params(10_000, 100_000, 1_000_000)]
    public int Flows { get; set; }

    [GlobalSetup]
    public void Setup()
    {
        Random random = new(1);
        _table = new FlowTable(Flows, _hash);
        FlowKey[] keys = new FlowKey[Flows];
        for (int i = 0; i < Flows; i++)
        {
            // An odd factor makes every client another one; servers are few.
            ulong client = PacketHeaders.MapIPv4((uint)i * 2_654_435_761);
            ulong server = PacketHeaders.MapIPv4((uint)random.Next(256));
            FlowKey key = new(0, client, 0, server, (uint)random.Next() | (6UL << 32) | (4UL << 40));
            _dictionary.Add(Naive(key), (int)_table.Insert(in key, _hash.Compute(in key)));
            keys[i] = key;
        }

        for (int i = 0; i < Packets; i++)
        {
            _packets.First[i] = keys[random.Next(Flows)];
            _naivePackets[i] = Naive(_packets.First[i]);
        }

        long rows = Dictionary();
        Twins.MustAgree(OneAtATime() == rows);
        Twins.MustAgree(LookAhead() == rows);
    }

    [GlobalCleanup]
    public void Dispose()
    {
        _table.Dispose();
        _packets.Dispose();
        _current.Dispose();
        _previous.Dispose();
        GC.SuppressFinalize(this);
    }

    /// <summary>What the meter does: windows of 64, the rows of one guessed and asked for while the one before is looked up.</summary>
    [Benchmark(OperationsPerInvoke = Packets)]
    public long LookAhead()
    {
        long sum = 0;
        HashIndex index = _table.Index;
        FlowColumns columns = _table.Columns;
        _previous.Clear();
        for (int first = 0; first <= Packets; first += PacketWindow.Capacity)
        {
            PacketWindow current = _current;
            PacketWindow previous = _previous;
            current.Own.Count = Math.Min(PacketWindow.Capacity, Packets - first);
            current.TakeOwn();
            Buffer.MemoryCopy(
                _packets.First + first, current.Keys, PacketWindow.Capacity * sizeof(FlowKey), current.Count * sizeof(FlowKey));
            current.Hash(_hash);
            for (int i = 0; i < Math.Min(current.Count, BucketsAhead); i++)
            {
                index.Prefetch(current.Hashes[i]);
            }

            for (int i = 0; i < PacketWindow.Capacity; i++)
            {
                if (i + BucketsAhead < current.Count)
                {
                    index.Prefetch(current.Hashes[i + BucketsAhead]);
                }

                if (i < current.Count)
                {
                    long guess = index.Guess(current.Hashes[i]);
                    current.Rows[i] = guess;
                    if (guess >= 0 && Sse.IsSupported)
                    {
                        Sse.Prefetch0(columns.Header(guess));
                    }
                }

                if (i < previous.Count)
                {
                    long row = previous.Rows[i];
                    bool isRight = row >= 0 && FlowHeader.Is(columns.Header(row), previous.Keys + i);
                    sum += isRight ? row : _table.Find(previous.Keys + i, previous.Hashes[i]);
                }
            }

            _current = previous;
            _previous = current;
        }

        return sum;
    }

    /// <summary>The same table, one packet after the other.</summary>
    [Benchmark(OperationsPerInvoke = Packets)]
    public long OneAtATime()
    {
        long sum = 0;
        FlowKey* end = _packets.First + Packets;
        for (FlowKey* key = _packets.First; key < end; key++)
        {
            sum += _table.Find(key, _hash.Compute(in *key));
        }

        return sum;
    }

    /// <summary>The library's hash table.</summary>
    [Benchmark(OperationsPerInvoke = Packets, Baseline = true)]
    public long Dictionary()
    {
        long sum = 0;
        foreach (NaiveKey key in _naivePackets)
        {
            sum += _dictionary[key];
        }

        return sum;
    }

    private static NaiveKey Naive(FlowKey key) =>
        new(new UInt128(key.AUpper, key.ALower), new UInt128(key.BUpper, key.BLower), key.PortA, key.PortB, key.Protocol);
}
