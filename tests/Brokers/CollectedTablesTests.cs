using System.Text;
using Apache.Arrow;
using Apache.Arrow.Ipc;
using FlowMeter.Engine.Brokers;
using FlowMeter.Engine.Capture;
using FlowMeter.Engine.Export;
using FlowMeter.Engine.Features;
using FlowMeter.Engine.Output;
using FlowMeter.Learning.Data;
using FlowMeter.Tests.EndToEnd;
using FlowMeter.Tests.Support;
using Parquet;

namespace FlowMeter.Tests.Brokers;

/// <summary>Arrow messages become files of every format, and say what the sensor's own table would have said.</summary>
public sealed class CollectedTablesTests : IDisposable
{
    private const string Sensor = "n,\"1\" \u00e9";
    private const string QuotedSensor = "\"n,\"\"1\"\" \u00e9\"";

    private readonly TemporaryFolder _folder = new();

    public static TheoryData<string> Profiles => [.. Profile.All.Select(profile => profile.Name)];

    public void Dispose() => _folder.Dispose();

    [Theory]
    [MemberData(nameof(Profiles))]
    public void Text_is_the_table_of_the_sensor_with_its_name_in_front(string profile)
    {
        EngineMeter meter = new() { Profile = profile, Label = "a, \"b\" \u00e9", HasCommunityId = true, MinPackets = 1 };
        byte[] message = Table(meter, TableFormat.Arrow);
        string[] csv = Lines(Table(meter, TableFormat.Csv));
        Assert.Equal(
            csv.Select((line, i) => (i == 0 ? "sensor," : $"{QuotedSensor},") + line), Lines(Collect(TableFormat.Csv, message)));
        Assert.Equal(
            Lines(Table(meter, TableFormat.JsonLines)).Select(line => "{\"sensor\":\"n,\\\"1\\\" \u00e9\"," + line[1..]),
            Lines(Collect(TableFormat.JsonLines, message)));
        Assert.InRange(csv.Length, 100, int.MaxValue);
    }

    [Theory]
    [MemberData(nameof(Profiles))]
    public void Columns_say_what_CSV_says(string profile)
    {
        byte[] message = Table(new EngineMeter { Profile = profile, MinPackets = 1 }, TableFormat.Arrow);
        string csv = Encoding.UTF8.GetString(Collect(TableFormat.Csv, message));
        using MemoryStream file = new(Collect(TableFormat.Parquet, message));
        using ParquetStream parquet = ParquetStream.Open(file, "t.parquet", new InputProgress());
        using StreamReader text = new(parquet);
        Assert.Equal(csv, text.ReadToEnd());
        foreach (TableFormat format in new[] { TableFormat.Arrow, TableFormat.ArrowFile })
        {
            using MemoryStream bytes = new(Collect(format, message));
            using ArrowStreamReader reader = format == TableFormat.Arrow ? new ArrowStreamReader(bytes) : new ArrowFileReader(bytes);
            RecordBatch batch = reader.ReadNextRecordBatch()!;
            Assert.Null(reader.ReadNextRecordBatch());
            Assert.Equal(Lines(Encoding.UTF8.GetBytes(csv)).Length - 1, batch.Length);
            Assert.Equal(Sensor, ((StringArray)batch.Column(0)).GetString(batch.Length - 1));
            Assert.Equal(csv.Split('\n')[0], string.Join(',', reader.Schema.FieldsList.Select(field => field.Name)));
        }
    }

    [Fact]
    public async Task Messages_of_one_commit_are_one_row_group()
    {
        byte[] message = Table(new EngineMeter { MinPackets = 1 }, TableFormat.Arrow);
        using MemoryStream file = new(Collect(TableFormat.Parquet, message, message, message));
        await using ParquetReader reader = await ParquetReader.CreateAsync(file);
        using ParquetRowGroupReader group = reader.OpenRowGroupReader(0);
        Assert.Equal(1, reader.RowGroupCount);
        Assert.Equal(3 * (Lines(Table(new EngineMeter { MinPackets = 1 }, TableFormat.Csv)).Length - 1), group.RowCount);
        Assert.Equal("flowmeter", reader.CustomMetadata["flowmeter.profile"]);
        Assert.DoesNotContain("flowmeter.options", reader.CustomMetadata.Keys);
    }

    [Fact]
    public async Task What_does_not_fit_a_batch_goes_to_the_next()
    {
        byte[] message = Table(new EngineMeter { MinPackets = 1, Profile = "full" }, TableFormat.Arrow);
        int rows = ArrowTable.ReadAll(message).Sum(table => table.Rows);
        int messages = (FlowBatch.RowsOf(FlowBatch.DefaultBytes, Profile.Find("full")!.Columns.Count + 1) / rows) + 2;
        using MemoryStream file = new(Collect(TableFormat.Parquet, [.. Enumerable.Repeat(message, messages)]));
        await using ParquetReader reader = await ParquetReader.CreateAsync(file);
        Assert.Equal(2, reader.RowGroupCount);
        Assert.Equal((long)messages * rows, reader.Metadata!.NumRows);
    }

    [Fact]
    public void A_damaged_message_is_left_out_whole_or_read()
    {
        byte[] message = Table(new EngineMeter { MinPackets = 1 }, TableFormat.Arrow);
        Random random = new(7);
        int left = 0;
        for (int round = 0; round < 2000; round++)
        {
            byte[] damaged = Damage.To(message, random);
            TableFormat format = round % 2 == 0 ? TableFormat.JsonLines : TableFormat.Parquet;
            using CollectedFiles files = Files(format);
            using CollectedTables tables = new(Options(format), files);
            try
            {
                tables.Add(Block("arrow", damaged));
                tables.Flush();
            }
            catch (InvalidDataException)
            {
                left++;
                tables.Flush();
                files.EndAll();
                files.Commit("{}"u8.ToArray());
                Assert.DoesNotContain(_folder.Names(), name => !name.EndsWith(".journal", StringComparison.Ordinal));
            }

            files.Dispose();
            System.Array.ForEach(_folder.Names(), name => File.Delete(_folder[name]));
        }

        Assert.InRange(left, 500, 1990);
    }

    [Fact]
    public void Text_that_is_not_UTF_8_is_no_table()
    {
        byte[] message = Table(new EngineMeter { MinPackets = 1 }, TableFormat.Arrow);
        message[message.AsSpan().LastIndexOf("idle"u8)] = 0xFF;
        using CollectedFiles files = Files(TableFormat.JsonLines);
        using CollectedTables tables = new(Options(TableFormat.JsonLines), files);
        Assert.Equal(
            "the column end_reason has text that is not UTF-8",
            Assert.Throws<InvalidDataException>(() => tables.Add(Block("arrow", message))).Message);
    }

    [Fact]
    public void Other_columns_under_a_schema_that_is_known_are_no_table()
    {
        using CollectedFiles files = Files(TableFormat.Parquet);
        using CollectedTables tables = new(Options(TableFormat.Parquet), files);
        Assert.InRange(tables.Add(Block("arrow", Table(new EngineMeter { MinPackets = 1 }, TableFormat.Arrow))), 100, 1_000_000);
        byte[] other = Table(new EngineMeter { MinPackets = 1, Profile = "cic" }, TableFormat.Arrow);
        Assert.Equal(
            "columns are others than those of earlier messages of their schema",
            Assert.Throws<InvalidDataException>(() => tables.Add(Block("arrow", other))).Message);
    }

    [Theory]
    [InlineData("parquet", "jsonl")]
    [InlineData("parquet", "csv")]
    [InlineData("arrow", "jsonl")]
    [InlineData("jsonl", "csv")]
    [InlineData("csv", "ipfix")]
    public void What_can_not_be_made_of_a_message_is_said(string file, string message)
    {
        TableFormat format = TableFormat.Find(file)!;
        using CollectedFiles files = Files(format);
        using CollectedTables tables = new(Options(format), files);
        Assert.Equal(
            $"messages of {Sensor} are {message}, of which {file} can not be made; have the sensor publish --format arrow, or give -o "
                + "another ending.",
            Assert.Throws<OutputException>(() => tables.Add(Block(message, []))).Message);
    }

    private static byte[] Table(EngineMeter meter, TableFormat format) => meter.Encoded(
        CaptureWriter.Pcap(Traffic.Random(61, new TrafficShape { Conversations = 150 })), new TableEncoding(format)).Bytes;

    private static string[] Lines(byte[] text) => Encoding.UTF8.GetString(text).Split('\n', StringSplitOptions.RemoveEmptyEntries);

    private static CollectedBlock Block(string format, byte[] body, long number = 0) => new(Sensor, "run", number, format, "schema", body);

    private CollectorOptions Options(TableFormat format) => new()
    {
        Path = _folder[$"t{format.Ending}"],
        Format = format,
        Rotation = Rotation.Never,
        ConsumerName = "c",
        JsonToCsv = _ => [],
    };

    private CollectedFiles Files(TableFormat format) => new(
        SystemDisk.Instance, _folder[$"t{format.Ending}"], Rotation.Never, format.Framing, TimeProvider.System);

    /// <summary>The file that is made of messages.</summary>
    private byte[] Collect(TableFormat format, params byte[][] messages)
    {
        using (CollectedFiles files = Files(format))
        {
            using CollectedTables tables = new(Options(format), files);
            for (int i = 0; i < messages.Length; i++)
            {
                tables.Add(Block("arrow", messages[i], i));
            }

            tables.Flush();
            files.EndAll();
            files.Commit("{}"u8.ToArray());
        }

        byte[] bytes = File.ReadAllBytes(_folder[$"t{format.Ending}"]);
        System.Array.ForEach(_folder.Names(), name => File.Delete(_folder[name]));
        return bytes;
    }
}
