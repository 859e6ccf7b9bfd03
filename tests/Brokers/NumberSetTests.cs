using FlowMeter.Engine.Brokers;

namespace FlowMeter.Tests.Brokers;

/// <summary>Sets of numbers as ranges, beside the set of the framework.</summary>
public sealed class NumberSetTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void It_has_what_was_added_once(int seed)
    {
        Random random = new(seed);
        NumberSet set = new();
        HashSet<long> expected = [];
        for (int i = 0; i < 2000; i++)
        {
            long number = random.Next(700);
            Assert.Equal(expected.Add(number), set.Add(number));
            set = i % 100 == 0 ? NumberSet.Parse(set.ToString()) : set;
        }
    }

    [Fact]
    public void Numbers_in_a_row_are_one_range()
    {
        NumberSet set = new();
        Assert.All(new long[] { 5, 3, 4, 9, 1, 7, 8 }, number => Assert.True(set.Add(number)));
        Assert.Equal("1,3-5,7-9", set.ToString());
    }
}
