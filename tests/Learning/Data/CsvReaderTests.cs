using System.Text;
using FlowMeter.Learning.Data;

namespace FlowMeter.Tests.Learning.Data;

public sealed class CsvReaderTests
{
    [Theory]
    [InlineData("a,b\n1,2\n", "a|b", "1|2")]
    [InlineData("a,b\r\n1,2\r\n", "a|b", "1|2")]
    [InlineData("a,b\n1,2", "a|b", "1|2")]
    [InlineData("\uFEFFa,b\n\n\r\n1,\n", "a|b", "1|")]
    [InlineData("\uFEFF\uFEFFa,b", "\uFEFFa|b")]
    [InlineData("\"a,x\",b\n\"1\n2\",\"3\"\"4\"\n", "a,x|b", "1\n2|3\"4")]
    [InlineData("\"\",\"\"\"\"\n,\n", "|\"", "|")]
    [InlineData("a\"b,c d\n", "a\"b|c d")]
    public void Records_are_those_of_RFC_4180(string text, params string[] records)
    {
        foreach (int bytesPerRead in new[] { 1, 2, 3, 1000 })
        {
            using CsvReader reader = Reader(text, bytesPerRead);
            List<string> read = [];
            while (reader.Read())
            {
                read.Add(string.Join('|', reader.Texts()));
            }

            Assert.Equal(records, read);
        }
    }

    [Fact]
    public void Records_and_line_ends_put_together_are_the_table()
    {
        Random random = new(5);
        for (int round = 0; round < 200; round++)
        {
            StringBuilder text = new();
            for (int row = 0; row < 20; row++)
            {
                text.AppendJoin(',', Enumerable.Range(0, 4)
                    .Select(_ => random.Next(4) switch { 0 => "1.5", 1 => "\"x,\"\"y\"\"\n\"", 2 => "äöü", _ => "z" }));
                text.Append(random.Next(2) == 0 ? "\n" : "\r\n");
            }

            using CsvReader reader = Reader(text.ToString(), random.Next(1, 50));
            List<byte> bytes = [];
            while (reader.Read())
            {
                Assert.Equal(4, reader.Count);
                bytes.AddRange(reader.Record);
                bytes.AddRange(reader.LineEnd);
            }

            Assert.Equal(text.ToString(), Encoding.UTF8.GetString([.. bytes]));
        }
    }

    [Fact]
    public void Lines_are_counted_inside_quotes_too()
    {
        using CsvReader reader = Reader("a\n\"1\n2\n3\"\nb\n", 7);
        List<long> lines = [];
        while (reader.Read())
        {
            lines.Add(reader.Line);
        }

        Assert.Equal([1, 2, 5], lines);
    }

    [Fact]
    public void An_open_quote_is_named_with_its_line()
    {
        using CsvReader reader = Reader("a\n\"b\nc", 100);
        Assert.True(reader.Read());
        Assert.Equal(
            "t.csv: line 2: a quote is never closed; end the field with \".", Assert.Throws<DataException>(() => reader.Read()).Message);
    }

    [Theory]
    [InlineData("1.5", 1.5)]
    [InlineData(" -2e3 ", -2000)]
    [InlineData("Infinity", double.PositiveInfinity)]
    [InlineData("-inf", double.NegativeInfinity)]
    [InlineData("", double.NaN)]
    [InlineData("NaN", double.NaN)]
    [InlineData("None", double.NaN)]
    public void Numbers_come_in_many_spellings(string text, double expected)
    {
        Assert.True(NumberText.TryParse(Encoding.UTF8.GetBytes(text), out double value));
        Assert.Equal(expected, value);
    }

    [Theory]
    [InlineData("tcp")]
    [InlineData("1,5")]
    [InlineData("0x10")]
    [InlineData("-")]
    public void Text_is_no_number(string text) => Assert.False(NumberText.TryParse(Encoding.UTF8.GetBytes(text), out _));

    [Theory]
    [InlineData(
        "Src Port,Dst IP,src_ip,dstPort,sport,dsport,sttl,ct_state_ttl,Flow ID,id,Timestamp,start_time,L4_SRC_PORT,IPV4_DST_ADDR,ip.ttl,"
            + "Stime,is_sm_ips_ports,MIN_TTL,srcMac",
        true)]
    [InlineData(
        "packets,bytes,duration_us,Flow Duration,Fwd IAT Total,ct_src_dport_ltm,Active Mean,Idle Max,iat_mean_us,Down/Up "
            + "Ratio,dur,rate,Total TCP Flow Time,fwd_iat_total_us,ship",
        false)]
    public void Who_where_and_when_are_no_features(string names, bool isForbidden) =>
        Assert.All(names.Split(','), name => Assert.True(ForbiddenFeature.Is(name) == isForbidden, name));

    private static CsvReader Reader(string text, int bytesPerRead) =>
        new(new Native.TrickleStream(Encoding.UTF8.GetBytes(text), bytesPerRead), "t.csv");
}
