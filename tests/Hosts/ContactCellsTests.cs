using FlowMeter.Engine.Hosts;
using FlowMeter.Engine.Numerics;

namespace FlowMeter.Tests.Hosts;

[Trait("Category", "Vector")]
public sealed unsafe class ContactCellsTests
{
    private const long Second = 1_000_000_000;

    [Fact]
    public void The_vector_count_is_that_of_the_scalar_twin()
    {
        Random random = new(1);
        byte* vector = stackalloc byte[Damping.Windows];
        byte* scalar = stackalloc byte[Damping.Windows];
        for (int trial = 0; trial < 2000; trial++)
        {
            ContactCells cells = default;
            ushort now = (ushort)random.Next(1, ushort.MaxValue);
            for (int value = random.Next(40); value > 0; value--)
            {
                cells.Mark((ulong)random.NextInt64(), (ushort)Math.Max(1, (now - random.Next(20_000)) & 0xFFFF));
            }

            cells.Count(now, vector);
            cells.CountOneByOne(now, scalar);
            Assert.Equal(new Span<byte>(scalar, Damping.Windows), new Span<byte>(vector, Damping.Windows));
        }
    }

    [Theory]
    [InlineData(0, 1, 1, 1)]
    [InlineData(2 * Second, 1, 1, 1)]
    [InlineData((2 * Second) + (Second / 16), 0, 1, 1)]
    [InlineData(60 * Second, 0, 1, 1)]
    [InlineData(61 * Second, 0, 0, 1)]
    [InlineData(600 * Second, 0, 0, 1)]
    [InlineData(601 * Second, 0, 0, 0)]
    public void A_value_counts_as_long_as_the_window(long after, params int[] expected)
    {
        const long Start = 1_700_000_000 * Second;
        ContactCells cells = default;
        cells.Mark(7, ContactCells.TimeOf(Start));
        byte* hit = stackalloc byte[Damping.Windows];
        cells.Count(ContactCells.TimeOf(Start + after), hit);
        Assert.Equal(expected, new int[] { hit[0], hit[1], hit[2] });
    }

    [Fact]
    public void A_purged_cell_does_not_come_back_when_times_wrap()
    {
        const long Start = 1_700_000_000 * Second;
        ContactCells cells = default;
        cells.Mark(7, ContactCells.TimeOf(Start));
        cells.Purge(ContactCells.TimeOf(Start + (700 * Second)));
        byte* hit = stackalloc byte[Damping.Windows];
        cells.Count(ContactCells.TimeOf(Start + (2048 * Second)), hit);
        Assert.Equal(new int[3], new int[] { hit[0], hit[1], hit[2] });
    }

    /// <summary>What the page of the columns says of the estimate.</summary>
    [Theory]
    [InlineData(1, 0)]
    [InlineData(5, 2)]
    [InlineData(10, 3)]
    [InlineData(20, 7)]
    [InlineData(40, 14)]
    public void The_estimate_is_as_near_as_is_said(int different, double within)
    {
        const int Trials = 2000;
        SplitMix64 random = new(5);
        int near = 0;
        byte* hit = stackalloc byte[Damping.Windows];
        for (int trial = 0; trial < Trials; trial++)
        {
            ContactCells cells = default;
            for (int value = 0; value < different; value++)
            {
                cells.Mark(SplitMix64.Mix(random.Next()), 1);
            }

            cells.Count(1, hit);
            double estimate = -32 * Math.Log(1 - (Math.Min((int)hit[0], 31) / 32.0));
            near += Math.Abs(estimate - different) <= within + 0.1 ? 1 : 0;
        }

        Assert.InRange(near, 0.95 * Trials, Trials);
    }
}
