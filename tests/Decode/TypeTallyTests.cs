using FlowMeter.Engine.Decode;

namespace FlowMeter.Tests.Decode;

public sealed class TypeTallyTests
{
    [Fact]
    public void The_most_frequent_of_many_is_found()
    {
        Random random = new(5);
        TypeTally tally = new();
        Assert.Null(tally.Top);
        for (int i = 0; i < 100_000; i++)
        {
            tally.Add(random.Next(5) == 0 ? 0x88CC : 0x9000 + random.Next(4000));
        }

        Assert.Equal(0x88CC, tally.Top);
    }

    [Fact]
    public void Sums_and_copies_have_the_same_top()
    {
        TypeTally one = new();
        TypeTally other = new();
        one.Add(1, 5);
        one.Add(2, 4);
        other.Add(2, 3);
        one.Add(other);
        other.Set(one);

        Assert.Equal(2, one.Top);
        Assert.Equal(2, other.Top);
    }
}
