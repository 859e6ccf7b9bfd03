using BenchmarkDotNet.Attributes;
using FlowMeter.Bench.Naive;
using FlowMeter.Engine.Features;
using FlowMeter.Engine.Memory;
using FlowMeter.Engine.Numerics;

namespace FlowMeter.Bench;

/// <summary>Medians and mode of lists of gaps, as profile appflow needs them; a value an operation.</summary>
[Config(typeof(InProcessRun))]
public unsafe class ListBench : IDisposable
{
    private const int Values = 1 << 14;

    private readonly OrderStatistics _order = new();
    private readonly NativeColumn<ulong> _list = new(Values);
    private readonly NativeColumn<ulong> _scratch = new(Values);
    private ulong[] _gaps = [];
    private ulong[] _sorted = [];

    /// <summary>Values of a list; with more than <see cref="Ranks.MaxCount"/> they are sorted.</summary>
    [Params(10, 40, 100, Ranks.MaxCount, Ranks.MaxCount + 1, 400)]
    public int Count { get; set; }

    [GlobalSetup]
    public void Setup()
    {
        Random random = new(3);
        _gaps = [.. Enumerable.Range(0, Values).Select(_ => (ulong)random.NextInt64(2_000_000_000))];
        _sorted = new ulong[Values];
        Twins.MustAgree(Statistics() == Sorted());
    }

    [GlobalCleanup]
    public void Dispose()
    {
        _order.Dispose();
        _list.Dispose();
        _scratch.Dispose();
        GC.SuppressFinalize(this);
    }

    /// <summary>What the meter does.</summary>
    [Benchmark(OperationsPerInvoke = Values)]
    public ulong Statistics()
    {
        ulong sum = 0;
        _gaps.CopyTo(new Span<ulong>(_list.First, Values));
        for (int first = 0; first + Count <= Values; first += Count)
        {
            ulong* list = _list.First + first;
            (ulong minimum, ulong maximum) = (ulong.MaxValue, 0);
            for (int i = 0; i < Count; i++)
            {
                minimum = Math.Min(minimum, list[i]);
                maximum = Math.Max(maximum, list[i]);
            }

            _order.Take(list, _scratch.First, Count, minimum, maximum);
            sum += _order.LowerMedian + _order.UpperMedian + _order.Mode;
        }

        return sum;
    }

    /// <summary>Sorted by the library, then counted.</summary>
    [Benchmark(OperationsPerInvoke = Values, Baseline = true)]
    public ulong Sorted()
    {
        ulong sum = 0;
        _gaps.CopyTo(_sorted, 0);
        for (int first = 0; first + Count <= Values; first += Count)
        {
            Span<ulong> list = _sorted.AsSpan(first, Count);
            list.Sort();
            (int most, ulong mode) = (0, 0);
            for (int i = 0, run = 0; i < Count; i++)
            {
                run = i > 0 && list[i] == list[i - 1] ? run + 1 : 1;
                (most, mode) = run > most ? (run, list[i]) : (most, mode);
            }

            sum += list[(Count - 1) / 2] + list[Count / 2] + mode;
        }

        return sum;
    }
}
