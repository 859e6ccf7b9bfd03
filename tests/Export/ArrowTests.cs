using System.Globalization;
using System.Text;
using Apache.Arrow;
using Apache.Arrow.Ipc;
using Apache.Arrow.Types;
using FlowMeter.Engine.Export;
using FlowMeter.Engine.Features;
using FlowMeter.Engine.Output;
using FlowMeter.Tests.Output;
using FlowMeter.Tests.Support;

namespace FlowMeter.Tests.Export;

/// <summary>An Arrow stream says what CSV says, and its messages are counted without reading them.</summary>
public sealed class ArrowTests
{
    private const int Blocks = 3;

    public static TheoryData<string> Profiles => [.. Profile.All.Select(profile => profile.Name)];

    [Theory]
    [MemberData(nameof(Profiles))]
    public void Every_value_is_the_one_in_CSV(string profile)
    {
        byte[] capture = CaptureWriter.Pcap(Traffic.Random(41, new TrafficShape { Conversations = 150 }));
        EngineMeter meter = new() { Profile = profile, Label = "a, \"b\" \u00e9", HasCommunityId = true, MinPackets = 1 };
        CsvTable csv = meter.Run(capture).Table;
        (byte[] bytes, long rows) = meter.Encoded(capture, new TableEncoding(TableFormat.Arrow));
        Assert.Equal((long)csv.Rows.Count, rows);
        using ArrowStreamReader reader = new(new MemoryStream(bytes));
        Assert.Equal(csv.Header, reader.Schema.FieldsList.Select(field => field.Name));
        Assert.Equal(profile, reader.Schema.Metadata["flowmeter.profile"]);
        int row = 0;
        while (reader.ReadNextRecordBatch() is { } batch)
        {
            for (int i = 0; i < batch.Length; i++, row++)
            {
                for (int column = 0; column < csv.Header.Count; column++)
                {
                    AssertSame(csv.Rows[row][column], batch.Column(column), i);
                }
            }
        }

        Assert.Equal(csv.Rows.Count, row);
    }

    [Theory]
    [MemberData(nameof(Profiles))]
    public void Messages_are_measured_from_their_first_bytes(string profile)
    {
        byte[] capture = CaptureWriter.Pcap(Traffic.Random(42, new TrafficShape { Conversations = 100 }));
        (byte[] bytes, long rows) = new EngineMeter { Profile = profile, MinPackets = 1 }.Encoded(capture, new TableEncoding(TableFormat.Arrow));
        ArrowFraming framing = new();
        long counted = 0;
        int at = 0;
        for (int messages = 0; framing.Measure(bytes.AsSpan(at, Math.Min(4096, bytes.Length - at))) is { } message; messages++)
        {
            Assert.Equal(messages == 0, message.Rows == 0);
            counted += message.Rows;
            at += (int)message.Length;
        }

        Assert.Equal(rows, counted);
        Assert.Equal(framing.CreateTrailer().End(), bytes[at..]);
    }

    [Fact]
    public void A_file_that_a_killed_run_left_is_cut_behind_its_last_whole_batch_and_ended()
    {
        byte[] capture = CaptureWriter.Pcap(Traffic.Random(43, new TrafficShape { Conversations = 100 }));
        (byte[] bytes, long rows) = new EngineMeter().Encoded(capture, new TableEncoding(TableFormat.Arrow));
        byte[] batch = bytes[new ArrowFraming().First(bytes)..^8];
        using ResilientRun run = new(framing: new ArrowFraming());
        File.WriteAllBytes(
            run.Folder["f-010000.partial"], [.. bytes[..^8], .. Enumerable.Repeat(batch, Blocks - 1).SelectMany(block => block), .. batch[..^1]]);
        run.OpenOnly("f-%H%M%S", "60s");
        run.Output.Begin(bytes.AsSpan(0, bytes.Length - 8 - batch.Length));
        run.Output.Complete();
        using ArrowStreamReader reader = new(File.OpenRead(run.Folder["f-010000"]));
        int found = 0;
        while (reader.ReadNextRecordBatch() is { } read)
        {
            found += read.Length;
        }

        Assert.Equal(Blocks * rows, found);
        Assert.Equal(bytes.Length + ((Blocks - 1) * batch.Length), new FileInfo(run.Folder["f-010000"]).Length);
    }

    [Fact]
    public void Bytes_that_are_no_message_are_not_measured()
    {
        Random random = new(7);
        ArrowFraming framing = new();
        byte[] bytes = new byte[200];
        for (int i = 0; i < 20_000; i++)
        {
            random.NextBytes(bytes);
            bytes.AsSpan(0, 4).Fill(0xFF);
            bytes.AsSpan(6, 2).Clear();
            if (framing.Measure(bytes.AsSpan(0, random.Next(bytes.Length))) is { } message)
            {
                Assert.True(message.Length > 8 && message.Rows >= 0);
            }
        }
    }

    private static void AssertSame(string cell, IArrowArray array, int i)
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
