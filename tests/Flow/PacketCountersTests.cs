using System.Runtime.CompilerServices;
using FlowMeter.Engine.Flow;

namespace FlowMeter.Tests.Flow;

/// <summary>Eight counters in one vector, beside eight plain ones.</summary>
[Trait("Category", "Vector")]
public sealed class PacketCountersTests
{
    [Fact]
    public void They_count_as_plain_ones()
    {
        Random random = new(5);
        PacketCounters counters = default;
        ulong[] twin = new ulong[PacketCounters.Count];
        for (int round = 0; round < 10_000; round++)
        {
            // Amounts that make every counter carry many times.
            uint amount = random.Next(3) == 0 ? uint.MaxValue - (uint)random.Next(3) : (uint)random.Next(5);
            int one = random.Next(PacketCounters.Count);
            counters.Add(one, amount);
            twin[one] += amount;
            uint bits = (uint)random.Next(256);
            counters.Add(bits);
            for (int counter = 0; counter < PacketCounters.Count; counter++)
            {
                twin[counter] = (twin[counter] + ((bits >> counter) & 1)) & 0xFF_FFFF_FFFF;
            }

            for (int counter = 0; counter < PacketCounters.Count; counter++)
            {
                Assert.Equal(twin[counter], counters[counter]);
            }
        }
    }

    [Fact]
    public void A_counter_carries_at_four_bytes()
    {
        PacketCounters counters = default;
        for (int counter = 0; counter < PacketCounters.Count; counter++)
        {
            counters.Add(counter, uint.MaxValue);
        }

        counters.Add(0b1010_0101);

        Assert.Equal([1UL << 32, uint.MaxValue, 1UL << 32, uint.MaxValue, uint.MaxValue, 1UL << 32, uint.MaxValue, 1UL << 32],
            Enumerable.Range(0, PacketCounters.Count).Select(counter => counters[counter]));
    }

    [Fact]
    public void What_a_profile_keeps_is_whole_cache_lines()
    {
        Assert.Equal(40, Unsafe.SizeOf<PacketCounters>());
        Assert.Equal(64, Unsafe.SizeOf<PayloadSide>());
        Assert.Equal(256, Unsafe.SizeOf<PayloadSums>());
        Assert.Equal(256, Unsafe.SizeOf<BulksAndSpans>());
        Assert.Equal(128, Unsafe.SizeOf<FlowHistory>());
    }
}
