using FlowMeter.Engine.Hosts;
using FlowMeter.Engine.Watch;

namespace FlowMeter.Tests.Watch;

public sealed class TalkerTableTests
{
    private readonly TalkerTable _table = new();

    [Fact]
    public void Hosts_that_move_most_stay_in_a_flood_of_others()
    {
        for (int i = 1; i <= 10; i++)
        {
            Add((ulong)i, 1_000_000 * i);
        }

        // Each from an address of its own: a flood that is never seen again.
        for (ulong other = 0; other < 100_000; other++)
        {
            Add(1000 + other, 40);
        }

        Assert.Equal(
            Enumerable.Range(1, 10).Reverse().Select(i => 1_000_000L * i), _table.Top(10).Select(talker => talker.Bytes));
    }

    [Fact]
    public void Sums_are_of_this_interval_and_the_one_before()
    {
        Add(1, 100);
        _table.BeginInterval();
        Add(1, 10);
        Add(2, 50);
        Assert.Equal([110L, 50], _table.Top(10).Select(talker => talker.Bytes));
        _table.BeginInterval();
        Assert.Equal([50L, 10], _table.Top(10).Select(talker => talker.Bytes));
    }

    [Fact]
    public void A_host_that_talks_to_itself_is_counted_once()
    {
        _table.Add([new TalkerFlow(new TalkKey(0, 1, 0, 1, 80, 6, 4), 2, 100, IsMalicious: false)]);
        Talker host = Assert.Single(_table.Top(10));
        Assert.Equal((1, 2, 100, 0), (host.Flows, host.Packets, host.Bytes, host.Malicious));
    }

    [Fact]
    public void Adding_allocates_nothing()
    {
        TalkerFlow[] flows = [.. Enumerable.Range(0, 64).Select(i => Flow((ulong)i + 1, 100))];
        Flood();
        long before = GC.GetAllocatedBytesForCurrentThread();
        _table.Add(flows);
        Flood();
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);

        void Flood()
        {
            for (ulong i = 0; i < 20_000; i++)
            {
                flows[0] = Flow(i, (long)(i % 977));
                _table.Add(flows);
            }
        }
    }

    private static TalkerFlow Flow(ulong host, long bytes) => new(new TalkKey(0, host, 0, host, 80, 6, 4), 1, bytes, IsMalicious: false);

    private void Add(ulong host, long bytes) => _table.Add([Flow(host, bytes)]);
}
