using FlowMeter.Engine.Decode;
using FlowMeter.Engine.Flow;
using FlowMeter.Tests.Support;

namespace FlowMeter.Tests.Flow;

/// <summary>Which flow leaves a full table, against a search through all of them.</summary>
public sealed unsafe class EvictionCandidatesTests
{
    /// <summary>Times of few values have ties, of many have none.</summary>
    [Theory]
    [InlineData(1, 5)]
    [InlineData(2, 1)]
    [InlineData(7, 3)]
    [InlineData(100, 10)]
    [InlineData(1000, 50)]
    [InlineData(1000, 1_000_000)]
    public void It_is_always_the_one_whose_last_packet_is_oldest(int flows, int differentTimes)
    {
        Random random = new(flows);
        FlowHash hash = new();
        using FlowTable table = new(flows, hash);
        using EvictionCandidates longestIdle = new();
        uint number = 0;
        long now = 0;
        while (!table.IsFull)
        {
            Insert(random.Next(differentTimes));
        }

        now = differentTimes;
        for (int step = 0; step < 3000; step++)
        {
            long row = longestIdle.Take(table);
            Assert.Equal(Oldest(table), table.Columns.Header(row)->Last);
            table.Remove(row);

            // Flows that see packets, flows that end, and the new one: all at times that only run forward.
            for (int i = random.Next(4); i > 0; i--)
            {
                FlowHeader* header = table.Columns.Header(FlowColumns.RowOf(random.NextInt64(table.Used)));
                if (header->IsLive)
                {
                    (random.Next(2) == 0 ? ref header->LastA : ref header->LastB) = now;
                }
            }

            long leaving = FlowColumns.RowOf(random.NextInt64(table.Used));
            if (random.Next(10) == 0 && table.Columns.Header(leaving)->IsLive)
            {
                table.Remove(leaving);
            }

            while (!table.IsFull)
            {
                Insert(now);
            }

            now += random.Next(3) == 0 ? 0 : random.Next(differentTimes);
        }

        void Insert(long time)
        {
            FlowKey key = TestKeys.Of(number++);
            long row = table.Insert(in key, hash.Compute(in key));
            table.Columns.Header(row)->LastA = time;
            table.Columns.Header(row)->LastB = time - 1;
        }
    }

    private static long Oldest(FlowTable table)
    {
        long oldest = long.MaxValue;
        for (long index = 0; index < table.Used; index++)
        {
            long row = FlowColumns.RowOf(index);
            if (table.Columns.Header(row)->IsLive)
            {
                oldest = Math.Min(oldest, table.Columns.Header(row)->Last);
            }
        }

        return oldest;
    }
}
