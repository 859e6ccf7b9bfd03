using System.Text;
using FlowMeter.Engine.Export;
using FlowMeter.Engine.Features;
using FlowMeter.Engine.Output;
using FlowMeter.Learning.Data;
using FlowMeter.Tests.EndToEnd;
using FlowMeter.Tests.Native;
using FlowMeter.Tests.Support;

namespace FlowMeter.Tests.Learning.Data;

/// <summary>A table of JSON Lines is read as the same table in CSV is, compressed or not.</summary>
public sealed class JsonLinesStreamTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public static TheoryData<string> Profiles => [.. Profile.All.Select(profile => profile.Name)];

    public void Dispose() => _folder.Dispose();

    [Theory]
    [MemberData(nameof(Profiles))]
    public void What_was_written_is_read_as_the_same_bytes_of_CSV(string profile)
    {
        byte[] capture = CaptureWriter.Pcap(Traffic.Random(31, new TrafficShape { Conversations = 60 }));
        EngineMeter meter = new() { Profile = profile, Label = "a \"b\", c\\d \u00e9", HasCommunityId = true, MinPackets = 1 };
        (byte[] csv, _) = meter.Encoded(capture, TableEncoding.Csv);
        (byte[] json, _) = meter.Encoded(capture, new TableEncoding(TableFormat.JsonLines));
        Assert.Equal(Encoding.UTF8.GetString(csv), Converted(json, int.MaxValue));
        Assert.Equal(Encoding.UTF8.GetString(csv), Converted(json, 7));
    }

    [Theory]
    [InlineData("csv", OutputCompression.Gzip)]
    [InlineData("csv", OutputCompression.Zstandard)]
    [InlineData("jsonl", OutputCompression.None)]
    [InlineData("jsonl", OutputCompression.Gzip)]
    [InlineData("jsonl", OutputCompression.Zstandard)]
    public void Every_encoding_gives_the_same_rows(string format, OutputCompression compression)
    {
        byte[] capture = CaptureWriter.Pcap(Traffic.Random(32, new TrafficShape { Conversations = 60 }));
        EngineMeter meter = new() { Label = "x" };
        Assert.Equal(
            Rows(meter.Encoded(capture, TableEncoding.Csv).Bytes),
            Rows(meter.Encoded(capture, new TableEncoding(TableFormat.Find(format)!, compression)).Bytes));
    }

    [Theory]
    [InlineData("{\"a\":1,\"b\":\"x\"}\n\n{\"b\":null,\"a\":1e-7}", "a,b\n1,x\n1e-7,\n")]
    [InlineData("{\"a\":1}\r\n{}\r\n{\"a\":\"p,q\"}\r\n", "a\n1\n\n\"p,q\"\n")]
    [InlineData("  {\"a\":true}", "a\ntrue\n")]
    [InlineData("a,b\n1,2\n", "a,b\n1,2\n")]
    [InlineData("", "")]
    public void Keys_may_come_in_any_order_and_may_be_missing(string json, string csv)
    {
        Assert.Equal(csv, Converted(Encoding.UTF8.GetBytes(json), int.MaxValue));
        Assert.Equal(csv, Converted(Encoding.UTF8.GetBytes(json), 1));
    }

    [Theory]
    [InlineData("{\"a\":1}\n{\"b\":1}\n", "line 2: has the key 'b', which the first object has not")]
    [InlineData("{\"a\":1}\n[1]\n", "line 2: is no JSON object")]
    [InlineData("{\"a\":[1]}\n", "line 1: has no single value for 'a'")]
    [InlineData("{\"a\":1}\n{\"a\":", "line 2: is no JSON object")]
    [InlineData("{\"a\":1}\n{\"a\":\"\\ud800\"}\n", "line 2: is no JSON object")]
    [InlineData("{\"a\":1} {\"a\":2}\n", "line 1: is no JSON object")]
    public void What_is_no_table_is_refused_with_its_line(string json, string reason) =>
        Assert.StartsWith(
            $"t: {reason}", Assert.Throws<DataException>(() => Converted(Encoding.UTF8.GetBytes(json), int.MaxValue)).Message,
            StringComparison.Ordinal);

    [Fact]
    public void A_row_is_named_by_its_own_line()
    {
        using CsvReader reader = CsvReader.Open(_folder.Write("t.jsonl", "{\"a\":1}\n{\"a\":2}\n"), takesTables: true);
        Assert.True(reader.Read());
        Assert.True(reader.Read());
        Assert.Equal((1, "1"), (reader.Line, reader.Text(0)));
        Assert.True(reader.Read());
        Assert.Equal((2, "2"), (reader.Line, reader.Text(0)));
    }

    [Fact]
    public void A_compressed_table_that_is_cut_off_is_told_after_the_rows_before()
    {
        byte[] capture = CaptureWriter.Pcap(Traffic.Random(33, new TrafficShape { Conversations = 900 }));
        TableEncoding encoding = new(TableFormat.Csv, OutputCompression.Gzip);
        (byte[] bytes, _) = new EngineMeter { Profile = "cic" }.Encoded(capture, encoding);
        using FlowTableReader table = FlowTableReader.Open(_folder.Write("t.csv.gz", bytes[..^100]), _ => { });
        DataException failure = Assert.Throws<DataException>(() =>
        {
            while (table.Read())
            {
            }
        });
        Assert.Contains("can not be read: ", failure.Message, StringComparison.Ordinal);
        Assert.True(table.Rows > 100);
    }

    private static string Converted(byte[] json, int bytesPerRead)
    {
        using JsonLinesStream stream = new(new TrickleStream(json, bytesPerRead), "t");
        using StreamReader reader = new(stream, new UTF8Encoding(false));
        return reader.ReadToEnd();
    }

    private List<string> Rows(byte[] table)
    {
        List<string> rows = [];
        using FlowTableReader reader = FlowTableReader.Open(_folder.Write("table", table), _ => { });
        while (reader.Read())
        {
            rows.Add(Encoding.UTF8.GetString(reader.Row));
        }

        return rows;
    }
}
