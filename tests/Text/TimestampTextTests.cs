using System.Globalization;
using FlowMeter.Engine.Text;

namespace FlowMeter.Tests.Text;

public class TimestampTextTests
{
    private static readonly DateTime s_first = new(1900, 1, 1, 0, 0, 0, DateTimeKind.Utc);
    private static readonly DateTime s_last = new(2262, 1, 1, 0, 0, 0, DateTimeKind.Utc);

    [Theory]
    [InlineData(0, "1970-01-01T00:00:00.000000000Z")]
    [InlineData(-1, "1969-12-31T23:59:59.999999999Z")]
    [InlineData(-60_000_000_000, "1969-12-31T23:59:00.000000000Z")]
    [InlineData(1453924860856800000, "2016-01-27T20:01:00.856800000Z")]
    [InlineData(1456790399999999999, "2016-02-29T23:59:59.999999999Z")]
    [InlineData(-2208988800000000000, "1900-01-01T00:00:00.000000000Z")]
    [InlineData(long.MaxValue, "2262-04-11T23:47:16.854775807Z")]
    public void Writes_the_known_text(long nanoseconds, string text)
    {
        TimestampText writer = default;
        Assert.Equal(text, TextOf.Timestamp(ref writer, nanoseconds));
    }

    [Fact]
    public void Agrees_with_DateTime_at_random_instants()
    {
        var random = new Random(1);
        TimestampText writer = default;
        for (int i = 0; i < 200_000; i++)
        {
            Check(ref writer, random.NextInt64(Nanoseconds(s_first), Nanoseconds(s_last)));
        }
    }

    // Small steps both ways stay in the remembered minute or cross just out of it.
    [Theory]
    [InlineData(0)]
    [InlineData(1453924860856800000)]
    [InlineData(-1453924860856800000)]
    public void Agrees_with_DateTime_on_a_walk_across_minutes(long start)
    {
        var random = new Random(2);
        TimestampText writer = default;
        for (int i = 0; i < 200_000; i++)
        {
            start += random.NextInt64(-20_000_000_000, 20_000_000_000) >> random.Next(30);
            Check(ref writer, start);
        }
    }

    [Fact]
    public void Agrees_with_DateTime_at_the_edges_of_minutes()
    {
        TimestampText writer = default;
        for (long minute = -3000; minute < 3000; minute++)
        {
            for (long near = -2; near <= 2; near++)
            {
                Check(ref writer, (minute * 60_000_000_000) + near);
            }
        }
    }

    private static long Nanoseconds(DateTime time) => (time - DateTime.UnixEpoch).Ticks * 100;

    private static void Check(ref TimestampText writer, long nanoseconds)
    {
        long ticks = (long)Math.Floor(nanoseconds / 100m);
        string expected = DateTime.UnixEpoch.AddTicks(ticks).ToString("yyyy-MM-dd'T'HH:mm:ss.fffffff", CultureInfo.InvariantCulture)
            + (nanoseconds - (ticks * 100)).ToString("00", CultureInfo.InvariantCulture) + "Z";
        string text = TextOf.Timestamp(ref writer, nanoseconds);
        if (text != expected)
        {
            Assert.Fail($"{nanoseconds} ns: wrote {text}, expected {expected}");
        }
    }
}
