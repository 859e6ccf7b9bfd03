using System.IO.Compression;
using System.Text;
using FlowMeter.Engine.Export;
using FlowMeter.Engine.Output;
using FlowMeter.Native;
using FlowMeter.Tests.Support;

namespace FlowMeter.Tests.Export;

/// <summary>Which encoding a name asks for, and that what is compressed is the table that it would be without.</summary>
public sealed class TableEncodingTests
{
    [Theory]
    [InlineData("flows.csv", null, "csv", OutputCompression.None)]
    [InlineData("flows.jsonl", null, "jsonl", OutputCompression.None)]
    [InlineData("flows-%F.jsonl.gz", null, "jsonl", OutputCompression.Gzip)]
    [InlineData("flows.csv.zst", null, "csv", OutputCompression.Zstandard)]
    [InlineData("flows.gz", "jsonl", "jsonl", OutputCompression.Gzip)]
    [InlineData("flows.gz", null, "csv", OutputCompression.Gzip)]
    [InlineData("-", null, "csv", OutputCompression.None)]
    [InlineData("-", "jsonl", "jsonl", OutputCompression.None)]
    [InlineData("flows.txt", "jsonl", "jsonl", OutputCompression.None)]
    [InlineData("flows.jsonl", "jsonl", "jsonl", OutputCompression.None)]
    [InlineData("jsonl", null, "csv", OutputCompression.None)]
    public void The_ending_chooses_where_nothing_is_named(string path, string? named, string format, OutputCompression compression) =>
        Assert.Equal(
            new TableEncoding(TableFormat.Find(format)!, compression),
            TableEncoding.Of(path, named == null ? null : TableFormat.Find(named)));

    [Theory]
    [InlineData("flows.csv", "jsonl")]
    [InlineData("flows.jsonl.gz", "csv")]
    public void An_ending_that_contradicts_the_format_is_refused(string path, string named)
    {
        FormatException refusal = Assert.Throws<FormatException>(() => TableEncoding.Of(path, TableFormat.Find(named)));
        Assert.StartsWith($"{path}: ", refusal.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("csv", OutputCompression.Gzip)]
    [InlineData("csv", OutputCompression.Zstandard)]
    [InlineData("jsonl", OutputCompression.Gzip)]
    [InlineData("jsonl", OutputCompression.Zstandard)]
    public void What_is_compressed_is_the_same_table(string format, OutputCompression compression)
    {
        EngineMeter meter = new() { Profile = "cic" };
        TableFormat found = TableFormat.Find(format)!;
        byte[] capture = CaptureWriter.Pcap(Traffic.Random(5, new TrafficShape { Conversations = 900 }));
        (byte[] plain, long rows) = meter.Encoded(capture, new TableEncoding(found));
        (byte[] compressed, long compressedRows) = meter.Encoded(capture, new TableEncoding(found, compression));
        Assert.True(plain.Length > 512 << 10, "the table has several blocks");
        Assert.True(compressed.Length < plain.Length * 2 / 3);
        Assert.Equal(rows, compressedRows);

        // Two threads write, whole blocks each.
        Assert.Equal(Lines(plain), Lines(Decompressed(compressed, compression)));
    }

    private static IEnumerable<string> Lines(byte[] table) =>
        Encoding.UTF8.GetString(table).Split('\n').Order(StringComparer.Ordinal);

    /// <summary>By the runtime's reader of gzip and by the system's libzstd, which know nothing of blocks.</summary>
    private static byte[] Decompressed(byte[] bytes, OutputCompression compression)
    {
        MemoryStream plain = new();
        using Stream reader = compression == OutputCompression.Gzip
            ? new GZipStream(new MemoryStream(bytes), CompressionMode.Decompress)
            : new ZstandardStream(new MemoryStream(bytes));
        reader.CopyTo(plain);
        return plain.ToArray();
    }
}
