using System.Text;
using FlowMeter.Engine.Capture;
using FlowMeter.Engine.Export;
using FlowMeter.Engine.Features;
using FlowMeter.Learning.Data;
using FlowMeter.Tests.EndToEnd;
using FlowMeter.Tests.Support;
using Parquet;
using Parquet.Schema;
using ParquetSchema = Parquet.Schema.ParquetSchema;

namespace FlowMeter.Tests.Learning.Data;

/// <summary>A Parquet file is read as the same table in CSV is.</summary>
public sealed class ParquetStreamTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public static TheoryData<string> Profiles => [.. Profile.All.Select(profile => profile.Name)];

    public void Dispose() => _folder.Dispose();

    [Theory]
    [MemberData(nameof(Profiles))]
    public void What_was_written_is_read_as_the_same_bytes_of_CSV(string profile)
    {
        byte[] capture = CaptureWriter.Pcap(Traffic.Random(33, new TrafficShape { Conversations = 60 }));
        EngineMeter meter = new() { Profile = profile, Label = "a \"b\", c\\d \u00e9", HasCommunityId = true, MinPackets = 1 };
        (byte[] csv, _) = meter.Encoded(capture, TableEncoding.Csv);
        (byte[] parquet, _) = meter.Encoded(capture, new TableEncoding(TableFormat.Parquet));
        InputProgress progress = new();
        using ParquetStream stream = ParquetStream.Open(new MemoryStream(parquet), "x", progress);
        using StreamReader read = new(stream);
        Assert.Equal(Encoding.UTF8.GetString(csv), read.ReadToEnd());
        Assert.Equal(parquet.Length, progress.Bytes);
    }

    /// <summary>Files of others have other types, and nothing where a value may be missing.</summary>
    [Fact]
    public async Task Types_of_other_writers_are_read()
    {
        ParquetSchema schema = new(
            new DataField<int?>("i"), new DataField<float>("f"), new DataField<bool>("b"), new DataField<string>("s"),
            new DateTimeDataField("t", DateTimeFormat.Timestamp, isAdjustedToUTC: true, unit: DateTimeTimeUnit.Micros),
            new DataField<ushort>("u"));
        string path = _folder["x.parquet"];
        await using (FileStream file = File.Create(path))
        {
            await using ParquetWriter writer = await ParquetWriter.CreateAsync(schema, file);
            using ParquetRowGroupWriter group = writer.CreateRowGroup();
            await group.WriteAsync<int>(schema.DataFields[0], new int?[] { 7, null });
            await group.WriteAsync<float>(schema.DataFields[1], new[] { 0.1f, -2 });
            await group.WriteAsync<bool>(schema.DataFields[2], new[] { true, false });
            await group.WriteAsync(schema.DataFields[3], new[] { "a,b", "" });
            await group.WriteAsync<DateTime>(
                schema.DataFields[4], new[] { new DateTime(2026, 1, 2, 3, 4, 5, 678, DateTimeKind.Utc), DateTime.UnixEpoch.AddTicks(-10) });
            await group.WriteAsync<ushort>(schema.DataFields[5], new ushort[] { 65535, 0 });
        }

        using CsvReader reader = CsvReader.Open(path, takesTables: true);
        List<string> records = [];
        while (reader.Read())
        {
            records.Add($"{reader.Line} {Encoding.UTF8.GetString(reader.Record)}");
        }

        Assert.Equal(
            [
                "0 i,f,b,s,t,u",
                "1 7,0.1,true,\"a,b\",2026-01-02T03:04:05.678000000Z,65535",
                "2 ,-2,false,,1969-12-31T23:59:59.999999000Z,0",
            ],
            records);
    }

    [Fact]
    public void A_damaged_file_is_told_in_one_line()
    {
        byte[] capture = CaptureWriter.Pcap(Traffic.Random(34, new TrafficShape { Conversations = 20 }));
        (byte[] bytes, _) = new EngineMeter().Encoded(capture, new TableEncoding(TableFormat.Parquet));
        Random random = new(5);
        int told = 0;
        for (int i = 0; i < 400; i++)
        {
            byte[] damaged = [.. bytes];
            foreach (int at in Enumerable.Range(0, 3).Select(_ => random.Next(4, damaged.Length)))
            {
                damaged[at] ^= (byte)(1 << random.Next(8));
            }

            byte[] torn = i % 4 == 0 ? damaged[..random.Next(4, damaged.Length)] : damaged;
            try
            {
                using ParquetStream stream = ParquetStream.Open(new MemoryStream(torn), "x.parquet", new InputProgress());
                stream.CopyTo(Stream.Null);
            }
            catch (DataException e)
            {
                told++;
                Assert.StartsWith("x.parquet: ", e.Message, StringComparison.Ordinal);
                Assert.DoesNotContain('\n', e.Message);
            }
        }

        Assert.InRange(told, 100, 400);
    }

    [Fact]
    public void A_pipe_and_a_compressed_file_are_refused()
    {
        using JsonLinesStream stream = new(new MemoryStream("PAR1 and so on"u8.ToArray()), "standard input");
        DataException e = Assert.Throws<DataException>(() => stream.Read(new byte[10]));
        Assert.StartsWith("standard input: is a Parquet file, which is read from its end", e.Message, StringComparison.Ordinal);
    }
}
