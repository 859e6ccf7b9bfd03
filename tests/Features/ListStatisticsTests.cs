using FlowMeter.Engine.Features;
using FlowMeter.Engine.Memory;
using FlowMeter.Engine.Numerics;
using FlowMeter.Tests.Oracle;

namespace FlowMeter.Tests.Features;

/// <summary>Sorting, order statistics and moments of lists, beside their plain twins.</summary>
[Trait("Category", "Vector")]
public sealed unsafe class ListStatisticsTests
{
    private static readonly (string Name, Func<Random, ulong> Next)[] s_kinds =
    [
        ("constant", _ => 77),
        ("two values", random => (ulong)random.Next(2) * 1000),
        ("lengths", random => (ulong)random.Next(40, 1515)),
        ("differences of lengths", random => (1UL << 32) + (ulong)random.Next(3000) - 1500),
        ("nanoseconds", random => (ulong)random.NextInt64(40_000_000_000)),
        ("one far away", random => random.Next(50) == 0 ? 1UL << 45 : (ulong)random.Next(10)),
        ("centuries", random => (ulong)random.NextInt64(1L << 45)),
        ("seconds", random => (ulong)random.NextInt64(1L << 33)),
        ("half a word", random => random.Next(9) switch { 0 => uint.MaxValue, 1 => 0, _ => (ulong)random.NextInt64(1L << 32) }),
        ("few of many", random => (ulong)random.Next(6) * 700_000_000),
        ("around the table's edge", random => (ulong)random.Next(OrderStatistics.CountedSpread + 1)),
    ];

    public static TheoryData<string> Kinds => [.. s_kinds.Select(kind => kind.Name)];

    [Theory, MemberData(nameof(Kinds))]
    public void All_agrees_with_the_twin(string kind)
    {
        Func<Random, ulong> next = s_kinds.Single(entry => entry.Name == kind).Next;
        Random random = new(7);
        using OrderStatistics order = new();
        int[] edges = [Ranks.MaxCount - 1, Ranks.MaxCount, Ranks.MaxCount + 1, 255, 256, 257, 1000, 5000, 16383, 16384, 40_000];
        foreach (int count in Enumerable.Range(1, 100).Concat(edges))
        {
            using NativeColumn<ulong> values = new(count);
            using NativeColumn<ulong> scratch = new(Math.Max(count, OrderStatistics.MinScratch));
            long[] twin = new long[count];
            for (int i = 0; i < count; i++)
            {
                values[i] = next(random);
                twin[i] = (long)values[i];
            }

            Moments moments = Moments.From(values.First, count);
            order.Take(values.First, scratch.First, count, moments.Minimum, moments.Maximum);

            double[] expected = new ReferenceList(twin, 1).InOrder(
                ["min", "max", "mean", "mode", "standard_deviation", "variance", "skewness"]);
            double[] actual =
                [moments.Minimum, moments.Maximum, moments.Mean(0), order.Mode, moments.Deviation, moments.Variance, moments.Skewness];
            for (int i = 0; i < expected.Length; i++)
            {
                Assert.True(
                    Math.Abs(actual[i] - expected[i]) <= 1e-12 * Math.Abs(expected[i]),
                    $"{kind}, {count} values, statistic {i}: {expected[i]:R} expected, {actual[i]:R}");
            }

            Array.Sort(twin);
            Assert.Equal((ulong)twin[(count - 1) / 2], order.LowerMedian);
            Assert.Equal((ulong)twin[count / 2], order.UpperMedian);
        }
    }

    [Theory, MemberData(nameof(Kinds))]
    public void Sorting_agrees_with_the_twin(string kind)
    {
        Func<Random, ulong> next = s_kinds.Single(entry => entry.Name == kind).Next;
        Random random = new(8);
        foreach (int count in new[] { 1, 2, 39, 40, 41, 1000, 20_000 })
        {
            using NativeColumn<ulong> values = new(count);
            using NativeColumn<ulong> scratch = new(count);
            ulong[] twin = [.. Enumerable.Range(0, count).Select(_ => next(random))];
            twin.CopyTo(new Span<ulong>(values.First, count));

            RadixSort.Sort(values.First, scratch.First, count, twin.Min(), twin.Max());

            Array.Sort(twin);
            Assert.Equal(twin, new Span<ulong>(values.First, count).ToArray());
        }
    }

    [Fact]
    public void Values_of_all_words_sort()
    {
        ulong[] twin = [ulong.MaxValue, 0, 1UL << 63, 5, .. Enumerable.Range(0, 100).Select(i => (ulong)i * 0x9E37_79B9_7F4A_7C15)];
        using NativeColumn<ulong> values = new(twin.Length);
        using NativeColumn<ulong> scratch = new(twin.Length);
        twin.CopyTo(new Span<ulong>(values.First, twin.Length));

        RadixSort.Sort(values.First, scratch.First, twin.Length, 0, ulong.MaxValue);

        Array.Sort(twin);
        Assert.Equal(twin, new Span<ulong>(values.First, twin.Length).ToArray());
    }

    [Fact]
    public void Nothing_is_zero()
    {
        using NativeColumn<ulong> values = new(1);
        Moments moments = Moments.From(values.First, 0);
        Assert.Equal([0, 0, 0, 0], new[] { moments.Mean(5), moments.Deviation, moments.Variance, moments.Skewness });
    }

    [Fact]
    public void A_list_that_is_symmetric_has_no_skewness()
    {
        using NativeColumn<ulong> values = new(4);
        new ulong[] { 1, 4_000_000_000_001, 6_000_000_000_000, 10_000_000_000_000 }.CopyTo(new Span<ulong>(values.First, 4));
        values[1] = 4_000_000_000_001;
        Assert.Equal(0, Moments.From(values.First, 4).Skewness);
    }
}
