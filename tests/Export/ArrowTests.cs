using System.Globalization;
using System.Text;
using Apache.Arrow;
using Apache.Arrow.Ipc;
using FlowMeter.Engine.Export;
using FlowMeter.Engine.Features;
using FlowMeter.Engine.Output;
using FlowMeter.Tests.Oracle;
using FlowMeter.Tests.Output;
using FlowMeter.Tests.Support;

namespace FlowMeter.Tests.Export;

/// <summary>An Arrow stream and an Arrow file say what CSV says, and its messages are counted without reading them.</summary>
public sealed class ArrowTests
{
    private const int Blocks = 3;

    private static readonly TableFormat[] s_formats = [TableFormat.Arrow, TableFormat.ArrowFile];

    public static TheoryData<string> Profiles => [.. Profile.All.Select(profile => profile.Name)];

    [Theory]
    [MemberData(nameof(Profiles))]
    public void Every_value_is_the_one_in_CSV(string profile)
    {
        byte[] capture = CaptureWriter.Pcap(Traffic.Random(41, new TrafficShape { Conversations = 150 }));
        EngineMeter meter = new() { Profile = profile, Label = "a, \"b\" \u00e9", HasCommunityId = true, MinPackets = 1 };
        CsvTable csv = meter.Run(capture).Table;
        foreach (TableFormat format in s_formats)
        {
            (byte[] bytes, long rows) = meter.Encoded(capture, new TableEncoding(format));
            Assert.Equal((long)csv.Rows.Count, rows);
            using ArrowStreamReader reader = ReaderOf(format, new MemoryStream(bytes));
            int row = 0;
            while (reader.ReadNextRecordBatch() is { } batch)
            {
                for (int i = 0; i < batch.Length; i++, row++)
                {
                    for (int column = 0; column < csv.Header.Length; column++)
                    {
                        AssertSame(csv.Rows[row][column], batch.Column(column), i);
                    }
                }
            }

            Assert.Equal(csv.Rows.Count, row);
            Assert.Equal(csv.Header, reader.Schema.FieldsList.Select(field => field.Name));
            Assert.Equal(profile, reader.Schema.Metadata["flowmeter.profile"]);
        }
    }

    [Theory]
    [MemberData(nameof(Profiles))]
    public void Messages_are_measured_from_their_first_bytes(string profile)
    {
        byte[] capture = CaptureWriter.Pcap(Traffic.Random(42, new TrafficShape { Conversations = 100 }));
        foreach (TableFormat format in s_formats)
        {
            (byte[] bytes, long rows) = new EngineMeter { Profile = profile, MinPackets = 1 }.Encoded(capture, new TableEncoding(format));
            ArrowFraming framing = (ArrowFraming)format.Framing;
            FileTrailer trailer = framing.CreateTrailer();
            long counted = 0;
            int at = 0;
            for (int messages = 0; framing.Measure(bytes.AsSpan(at, Math.Min(4096, bytes.Length - at))) is { } message; messages++)
            {
                Assert.Equal(messages == 0, message.Rows == 0);
                counted += message.Rows;
                trailer.Add(bytes.AsSpan(at, (int)message.Length));
                at += (int)message.Length;
            }

            Assert.Equal(rows, counted);
            Assert.Equal(trailer.End(), bytes[at..]);
        }
    }

    [Theory]
    [InlineData("arrow")]
    [InlineData("arrow-file")]
    public void A_file_that_a_killed_run_left_is_cut_behind_its_last_whole_batch_and_ended(string name)
    {
        TableFormat format = TableFormat.Find(name)!;
        ArrowFraming framing = (ArrowFraming)format.Framing;
        byte[] capture = CaptureWriter.Pcap(Traffic.Random(43, new TrafficShape { Conversations = 100 }));
        (byte[] bytes, long rows) = new EngineMeter().Encoded(capture, new TableEncoding(format));
        int header = framing.First(bytes);
        byte[] batch = bytes.AsSpan(header, framing.First(bytes.AsSpan(header))).ToArray();
        using ResilientRun run = new(framing: framing);
        File.WriteAllBytes(
            run.Folder["f-010000.partial"],
            [.. bytes[..header], .. Enumerable.Repeat(batch, Blocks).SelectMany(block => block), .. batch[..^1]]);
        run.OpenOnly("f-%H%M%S", "60s");
        run.Output.Begin(bytes.AsSpan(0, header));
        run.Output.Complete();
        using ArrowStreamReader reader = ReaderOf(format, File.OpenRead(run.Folder["f-010000"]));
        int found = 0;
        while (reader.ReadNextRecordBatch() is { } read)
        {
            found += read.Length;
        }

        Assert.Equal(Blocks * rows, found);
    }

    /// <summary>The footer has every batch, so any of them can be read alone.</summary>
    [Fact]
    public async Task Batches_of_a_file_can_be_read_in_any_order()
    {
        byte[] capture = CaptureWriter.Pcap(Traffic.Random(44, new TrafficShape { Conversations = 100 }));
        (byte[] bytes, long rows) = new EngineMeter().Encoded(capture, new TableEncoding(TableFormat.ArrowFile));
        BlockFraming framing = (BlockFraming)TableFormat.ArrowFile.Framing;
        int header = framing.First(bytes);
        byte[] batch = bytes.AsSpan(header, framing.First(bytes.AsSpan(header))).ToArray();
        FileTrailer trailer = framing.CreateTrailer()!;
        byte[] body = [.. bytes[..header], .. batch, .. batch, .. batch];
        trailer.Add(body.AsSpan(0, header + batch.Length));
        trailer.Add(body.AsSpan(header + batch.Length));
        using ArrowFileReader reader = new(new MemoryStream([.. body, .. trailer.End()]));
        Assert.Equal(Blocks, await reader.RecordBatchCountAsync());
        for (int i = Blocks - 1; i >= 0; i--)
        {
            using RecordBatch read = await reader.ReadRecordBatchAsync(i);
            Assert.Equal(rows, read.Length);
        }
    }

    [Fact]
    public void Bytes_that_are_no_message_are_not_measured()
    {
        Random random = new(7);
        byte[] bytes = new byte[200];
        for (int i = 0; i < 20_000; i++)
        {
            random.NextBytes(bytes);
            bytes.AsSpan(0, 4).Fill(0xFF);
            bytes.AsSpan(6, 2).Clear();
            if (new ArrowFraming(isFile: false).Measure(bytes.AsSpan(0, random.Next(bytes.Length))) is { } message)
            {
                Assert.True(message.Length > 8 && message.Rows >= 0);
            }
        }
    }

    private static ArrowStreamReader ReaderOf(TableFormat format, Stream stream) =>
        format == TableFormat.Arrow ? new ArrowStreamReader(stream) : new ArrowFileReader(stream);

    internal static void AssertSame(string cell, IArrowArray array, int i)
    {
        string said = array switch
        {
            Int64Array integers => integers.GetValue(i)!.Value.ToString(CultureInfo.InvariantCulture),
            StringArray texts => texts.IsNull(i) ? "" : texts.GetString(i, Encoding.UTF8),
            TimestampArray times => TimeText(times.GetValue(i)!.Value),
            DoubleArray doubles when double.Parse(cell, CultureInfo.InvariantCulture).Equals(doubles.GetValue(i)!.Value) => cell,
            _ => $"{array}",
        };
        Assert.Equal(cell, said);
    }

    private static string TimeText(long nanoseconds)
    {
        (long seconds, long rest) = Math.DivRem(nanoseconds, 1_000_000_000);
        return string.Create(CultureInfo.InvariantCulture, $"{DateTimeOffset.FromUnixTimeSeconds(seconds):yyyy-MM-ddTHH:mm:ss}.{rest:d9}Z");
    }
}
