using FlowMeter.Engine.Names;

namespace FlowMeter.Tests.Names;

/// <summary>Heads of streams: pieces in any order, and what gives way where there are too few.</summary>
public sealed unsafe class StreamHeadTests
{
    [Fact]
    public void Pieces_in_any_order_give_the_stream()
    {
        Random random = new(1);
        byte[] stream = new byte[StreamHead.Capacity];
        random.NextBytes(stream);
        for (int round = 0; round < 300; round++)
        {
            using StreamHeads heads = new(1);
            NamedEnd end = default;
            StreamHead* head = heads.Lend(ref end);
            bool[] isThere = new bool[stream.Length + 1];
            int spread = round % 3 == 0 ? 200 : stream.Length;
            for (int i = 0; i < 60; i++)
            {
                int from = random.Next(spread);
                int length = random.Next(1, round % 2 == 0 ? 40 : 1500);
                ReadOnlySpan<byte> piece = stream.AsSpan(from, Math.Min(length, stream.Length - from));
                bool isNew = isThere.AsSpan(from, piece.Length).Contains(false);
                if (head->Put(from, piece))
                {
                    isThere.AsSpan(from, piece.Length).Fill(true);
                    Assert.True(isNew);
                }
                else
                {
                    // Nothing new, or a gap too many.
                    Assert.True(!isNew || Gaps(isThere) >= StreamHead.MaxPieces);
                }

                int expected = Array.IndexOf(isThere, false);
                Assert.Equal(expected, head->Length);
                Assert.True(stream.AsSpan(0, expected).SequenceEqual(head->Bytes));
            }
        }
    }

    [Fact]
    public void What_lies_beyond_a_head_is_left_out()
    {
        using StreamHeads heads = new(1);
        NamedEnd end = default;
        StreamHead* head = heads.Lend(ref end);
        Assert.False(head->Put(StreamHead.Capacity, new byte[1]));
        Assert.False(head->Put(-1, new byte[2]));
        Assert.True(head->Put(StreamHead.Capacity - 1, new byte[100]));
        Assert.True(head->Put(0, new byte[StreamHead.Capacity + 100]));
        Assert.Equal(StreamHead.Capacity, head->Length);
    }

    [Fact]
    public void The_flow_that_waits_longest_loses_its_head()
    {
        using StreamHeads heads = new(2);
        NamedEnd[] ends = new NamedEnd[4];
        heads.Lend(ref ends[0]);
        heads.Lend(ref ends[1]);
        heads.Lend(ref ends[2]);
        Assert.True(heads.Of(in ends[0]) == null);
        Assert.True(heads.Of(in ends[1]) != null);
        Assert.Equal(1, heads.TakenAway);

        // Who lost it gives nothing back.
        heads.Return(ref ends[0]);
        Assert.Equal(2, heads.Lent);
        heads.Return(ref ends[1]);
        heads.Lend(ref ends[3]);
        Assert.True(heads.Of(in ends[2]) != null);
        Assert.Equal(1, heads.TakenAway);
        heads.Return(ref ends[2]);
        heads.Return(ref ends[3]);
        Assert.Equal(0, heads.Lent);
    }

    /// <summary>Lent, returned and taken away at random, beside a list that says who has one.</summary>
    [Fact]
    public void Heads_belong_to_the_newest_borrowers()
    {
        Random random = new(2);
        using StreamHeads heads = new(5);
        NamedEnd[] ends = new NamedEnd[20];
        List<int> owners = [];
        for (int i = 0; i < 20_000; i++)
        {
            int end = random.Next(ends.Length);
            if (owners.Remove(end) || ends[end].Stream != 0)
            {
                heads.Return(ref ends[end]);
            }
            else
            {
                heads.Lend(ref ends[end]);
                owners.Add(end);
                if (owners.Count > 5)
                {
                    owners.RemoveAt(0);
                }
            }

            Assert.Equal(owners.Count, heads.Lent);
            Assert.All(Enumerable.Range(0, ends.Length), other => Assert.Equal(owners.Contains(other), heads.Of(in ends[other]) != null));
        }
    }

    private static int Gaps(bool[] isThere) =>
        Enumerable.Range(0, isThere.Length).Count(i => isThere[i] && (i == 0 || !isThere[i - 1]));
}
