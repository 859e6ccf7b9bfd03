using FlowMeter.Engine.Scoring;

namespace FlowMeter.Tests.Scoring;

/// <summary>What a feature can not tell apart has one byte, and a byte one range of values.</summary>
public sealed class KeptColumnTests
{
    [Fact]
    public void A_value_is_in_the_range_of_its_byte_and_all_of_the_range_has_that_byte()
    {
        Random random = new(4);
        KeptColumn[] columns = [new("bins", [-3, 0, 0.5, 1e6]), new("one", []), new("sizes", default)];
        foreach (KeptColumn column in columns)
        {
            for (int i = 0; i < 20_000; i++)
            {
                double value =
                    (random.Next(2) == 0 ? 1 : -1) * Math.Pow(2, random.Next(-3, 40)) * (random.Next(3) == 0 ? 1 : random.NextDouble());
                byte kept = column.ByteOf(value);
                (double from, double below) = column.RangeOf(kept);
                Assert.InRange(kept, 0, column.Most);
                Assert.True(from <= value && value < below, $"{column.Name}: {value} is not from {from} to {below}");
                foreach (double edge in new[] { from, Math.BitDecrement(below) }.Where(double.IsFinite))
                {
                    Assert.Equal(kept, column.ByteOf(edge));
                }
            }

            Assert.Equal(0, column.ByteOf(double.NaN));
        }
    }
}
