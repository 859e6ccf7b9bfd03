using FlowMeter.Engine.Decode;
using FlowMeter.Engine.Flow;
using FlowMeter.Tests.Support;

namespace FlowMeter.Tests.Flow;

public sealed unsafe class FlowTableTests
{
    [Fact]
    public void Any_order_of_inserts_and_removes_leaves_what_a_dictionary_has()
    {
        Random random = new(1);
        FlowHash hash = new();
        using FlowTable table = new(30_000, hash);
        Dictionary<FlowKey, long> live = [];
        for (int step = 0; step < 300_000; step++)
        {
            FlowKey key = TestKeys.Of((uint)random.Next(60_000));
            long row = table.Find(&key, hash.Compute(in key));
            Assert.Equal(live.GetValueOrDefault(key, -1), row);
            if (row >= 0 && (table.IsFull || random.Next(2) == 0))
            {
                table.Remove(row);
                live.Remove(key);
            }
            else if (row < 0 && !table.IsFull)
            {
                row = table.Insert(in key, hash.Compute(in key));
                Assert.DoesNotContain(row, step % 1000 == 0 ? live.Values : []);
                live.Add(key, row);

                // What a row keeps beside the key must not be taken for a part of it.
                table.Columns.Header(row)->State = (FlowState)random.Next(256);
            }
        }

        Assert.Equal(live.Count, table.Count);
    }

    [Fact]
    public void A_row_that_was_left_is_used_again_before_a_new_one()
    {
        FlowHash hash = new();
        using FlowTable table = new(1000, hash);
        for (uint i = 0; i < 500; i++)
        {
            Insert(table, hash, i);
        }

        HashSet<long> left = [];
        for (uint i = 0; i < 500; i += 2)
        {
            FlowKey key = TestKeys.Of(i);
            long row = table.Find(&key, hash.Compute(in key));
            table.Remove(row);
            Assert.False(table.Columns.Header(row)->IsLive);
            left.Add(row);
        }

        for (uint i = 1000; i < 1250; i++)
        {
            Assert.True(left.Remove(Insert(table, hash, i)));
        }

        Assert.Equal(500, table.Used);
        Assert.Equal(FlowColumns.RowOf(500), Insert(table, hash, 2000));
    }

    [Fact]
    public void A_table_is_full_at_its_bound()
    {
        FlowHash hash = new();
        using FlowTable table = new(1, hash);
        Assert.False(table.IsFull);
        Assert.Equal(0, Insert(table, hash, 1));
        Assert.True(table.IsFull);
        table.Remove(0);
        Assert.False(table.IsFull);
        Assert.Equal(0, Insert(table, hash, 2));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    [InlineData(1L << 32)]
    public void An_impossible_bound_is_refused(long maxFlows)
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => new FlowTable(maxFlows, new FlowHash()));
    }

    private static long Insert(FlowTable table, FlowHash hash, uint number)
    {
        FlowKey key = TestKeys.Of(number);
        return table.Insert(in key, hash.Compute(in key));
    }
}
