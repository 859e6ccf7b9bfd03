using System.Text;
using FlowMeter.Engine.Flow;
using FlowMeter.Engine.Hosts;
using FlowMeter.Engine.Watch;

namespace FlowMeter.Tests.Watch;

public sealed class FlowRingTests
{
    private readonly FlowRing _ring = new(capacity: 4, flowsPerSecond: 3);

    [Fact]
    public void The_newest_flows_take_the_places_of_the_oldest()
    {
        for (byte host = 1; host <= 6; host++)
        {
            Add(host, 9);
        }

        FoundFlows found = _ring.Find(new FlowQuery());
        Assert.Equal([6L, 5, 4, 3], found.Flows.Select(flow => flow.Number));
        Assert.Equal((4, 4, 6), (found.Matching, found.Kept, _ring.Newest));
        Assert.Null(_ring.Detail(2));
        Assert.Null(_ring.Detail(0));
        Assert.Null(_ring.Detail(7));
        Assert.Equal("{3}", Encoding.UTF8.GetString(_ring.Detail(3)!.Row.Span));
    }

    [Fact]
    public void Every_word_of_a_search_has_to_be_there_whatever_its_case()
    {
        Add(1, 9, text: "10.0.0.1\u001f443\u001fTLS Example.COM");
        Add(2, 9, text: "10.0.0.2\u001f443\u001fexämple");
        Assert.Equal([1L], Numbers("EXAMPLE 443"));
        Assert.Equal([2L], Numbers("exÄmple"));
        Assert.Equal([2L, 1], Numbers(" 443  10.0.0 "));
        Assert.Empty(Numbers("example 80"));
    }

    [Theory]
    [InlineData(FlowOrder.Time, "4 3 2 1")]
    [InlineData(FlowOrder.Source, "2 4 3 1")]
    [InlineData(FlowOrder.Destination, "3 1 4 2")]
    [InlineData(FlowOrder.Packets, "1 4 3 2")]
    [InlineData(FlowOrder.Bytes, "2 1 4 3")]
    [InlineData(FlowOrder.Duration, "3 4 2 1")]
    [InlineData(FlowOrder.Score, "4 2 1 3")]
    public void Flows_are_sorted_both_ways(FlowOrder order, string descending)
    {
        Add(1, 8, packets: 40, bytes: 300, last: 1, score: 0.2);
        Add(9, 2, packets: 10, bytes: 400, last: 2, score: 0.3);
        Add(3, 9, packets: 20, bytes: 100, last: 4, score: 0.1);
        Add(4, 7, packets: 30, bytes: 200, last: 3, score: 0.4);
        Assert.Equal(descending, string.Join(' ', _ring.Find(new FlowQuery(Order: order)).Flows.Select(flow => flow.Number)));
        IReadOnlyList<WatchedFlow> ascending = _ring.Find(new FlowQuery(Order: order, IsAscending: true)).Flows;
        Assert.Equal(descending, string.Join(' ', ascending.Select(flow => flow.Number).Reverse()));
    }

    [Fact]
    public void Addresses_are_sorted_from_their_first_byte_to_their_last()
    {
        byte[][] sources =
        [
            [0x20, 1, 0, 0, 0, 0, 0, 2, 9, 0, 0, 0, 0, 0, 0, 9], [0x20, 2, 0, 0, 0, 0, 0, 1, 1, 0, 0, 0, 0, 0, 0, 3],
            [0x20, 2, 0, 0, 0, 0, 0, 1, 1, 0, 0, 0, 0, 0, 1, 2], [0x20, 2, 0, 0, 0, 0, 0, 1, 2, 0, 0, 0, 0, 0, 0, 1],
        ];
        foreach (byte[] source in sources)
        {
            TalkKey key = new(BitConverter.ToUInt64(source), BitConverter.ToUInt64(source, 8), 0, 1, 443, 6, 6);
            _ring.Add(in key, new FlowNumbers(0, 0, 1, 1, 0.5, Verdict.Malicious), "a"u8, "{}"u8);
        }

        Assert.Equal(
            [1L, 2, 3, 4], _ring.Find(new FlowQuery(Order: FlowOrder.Source, IsAscending: true)).Flows.Select(flow => flow.Number));
    }

    [Fact]
    public void A_query_has_a_limit_and_says_how_many_there_are()
    {
        Add(1, 9);
        Add(2, 9);
        FoundFlows found = _ring.Find(new FlowQuery(Max: 1));
        Assert.Equal((1, 2), (found.Flows.Count, found.Matching));
    }

    [Fact]
    public void Neighbours_are_the_other_flows_of_both_hosts()
    {
        Add(1, 2);
        Add(3, 1);
        Add(2, 4);
        Add(5, 6);
        Assert.Equal([3L, 2], _ring.Detail(1)!.Neighbours.Select(flow => flow.Number));
        Assert.Empty(_ring.Detail(4)!.Neighbours);
    }

    [Fact]
    public void Flows_beyond_those_of_a_second_are_passed_until_the_next()
    {
        Assert.Equal([true, true, true, false, false], Enumerable.Range(0, 5).Select(_ => _ring.TryReserve()));
        Assert.Equal(2, _ring.Passed);
        _ring.Tick();
        Assert.True(_ring.TryReserve());
    }

    private IEnumerable<long> Numbers(string search) => _ring.Find(new FlowQuery(search)).Flows.Select(flow => flow.Number);

    /// <summary>Adds a flow from one host, by the last byte of its address, to another; both are of IPv4.</summary>
    private void Add(
        byte source, byte destination, long packets = 1, long bytes = 1, long last = 0, double score = 0.5, string text = "a")
    {
        TalkKey key = new(0, (ulong)source << 56, 0, (ulong)destination << 56, 443, 6, 4);
        _ring.Add(
            in key, new FlowNumbers(0, last, packets, bytes, score, Verdict.Malicious), Encoding.UTF8.GetBytes(text),
            Encoding.UTF8.GetBytes($"{{{_ring.Newest + 1}}}"));
    }
}
