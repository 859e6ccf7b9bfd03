namespace FlowMeter.Tests.Text;

public class ThousandthsTextTests
{
    [Theory]
    [InlineData(0, "0")]
    [InlineData(1, "0.001")]
    [InlineData(10, "0.01")]
    [InlineData(100, "0.1")]
    [InlineData(999, "0.999")]
    [InlineData(1000, "1")]
    [InlineData(160598500, "160598.5")]
    [InlineData(120_000_000_007, "120000000.007")]
    [InlineData(999_999_999_999_999, "999999999999.999")]
    [InlineData(1_000_000_000_000_000, "1000000000000")]
    [InlineData(1_000_000_000_000_001, "1000000000000.001")]
    [InlineData(94_608_000_000_003_000, "94608000000003")]
    [InlineData(9_072_000_000_000_001, "9072000000000.002")]
    [InlineData(ulong.MaxValue, "1.844674407370955e+16")]
    public void Writes_the_known_text(ulong nanoseconds, string text) => Assert.Equal(text, TextOf.Thousandths(nanoseconds));

    [Fact]
    public void Is_the_shortest_text_of_the_double()
    {
        var random = new Random(1);
        for (ulong nanoseconds = 0; nanoseconds < 20_000; nanoseconds++)
        {
            Check(nanoseconds);
        }

        for (int i = 0; i < 1_000_000; i++)
        {
            Check((ulong)random.NextInt64(1_000_000_000_000_000));
            Check((ulong)random.NextInt64(long.MinValue, long.MaxValue) >> random.Next(64));
        }
    }

    /// <summary>As profile full rounds what hosts did.</summary>
    [Fact]
    public void A_value_rounded_to_thousandths_reads_as_its_double_does()
    {
        var random = new Random(2);
        for (int i = 0; i < 1_000_000; i++)
        {
            float value = (float)(random.NextDouble() * Math.Pow(10, random.Next(-6, 16)));
            double thousandths = Math.Round(value * 1000.0);
            string expected = TextOf.Shortest(thousandths / 1000);
            string text = TextOf.Thousandths((ulong)thousandths);
            if (text != expected)
            {
                Assert.Fail($"{value:R}: wrote {text}, expected {expected}");
            }
        }
    }

    private static void Check(ulong nanoseconds)
    {
        // Read from its decimal text, the quotient is rounded once, also where a double does not hold the nanoseconds.
        double microseconds = double.Parse(
            $"{nanoseconds / 1000}.{nanoseconds % 1000:000}", System.Globalization.CultureInfo.InvariantCulture);
        string expected = ReferenceDouble.Text(microseconds);
        string text = TextOf.Thousandths(nanoseconds);
        if (text != expected || TextOf.Shortest(microseconds) != expected)
        {
            Assert.Fail($"{nanoseconds} ns: wrote {text}, expected {expected}");
        }
    }
}
