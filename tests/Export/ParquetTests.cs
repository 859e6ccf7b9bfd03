using System.Globalization;
using DuckDB.NET.Data;
using FlowMeter.Engine.Export;
using FlowMeter.Engine.Features;
using FlowMeter.Tests.EndToEnd;
using FlowMeter.Tests.Support;
using Parquet;
using Parquet.Schema;
using ParquetSchema = Parquet.Schema.ParquetSchema;

namespace FlowMeter.Tests.Export;

/// <summary>A Parquet file says to DuckDB what CSV says.</summary>
public sealed class ParquetTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly DuckDBConnection _database = new("DataSource=:memory:");

    public ParquetTests()
    {
        _database.Open();
        Texts("SET TimeZone = 'UTC'");
    }

    public static TheoryData<string> Profiles => [.. Profile.All.Select(profile => profile.Name)];

    public void Dispose()
    {
        _database.Dispose();
        _folder.Dispose();
    }

    [Theory]
    [MemberData(nameof(Profiles))]
    public void Rows_are_those_of_CSV(string profile)
    {
        Make(new EngineMeter { Profile = profile, Label = "a, \"b\" \u00e9", HasCommunityId = true, MinPackets = 1 }, 400);
        string columns = string.Join(", ", Columns().Select(column => $"'{column.Name}': '{column.Type}'"));
        const string csv = "read_csv('x.csv', header = true, columns = {COLUMNS})";
        string table = csv.Replace("COLUMNS", columns, StringComparison.Ordinal);
        Assert.Equal(["0"], Texts($"SELECT count(*) FROM (SELECT * FROM {table} EXCEPT ALL SELECT * FROM 'x.parquet')"));
        Assert.Equal(["0"], Texts($"SELECT count(*) FROM (SELECT * FROM 'x.parquet' EXCEPT ALL SELECT * FROM {table})"));
        Assert.NotEqual(["0"], Texts("SELECT count(*) FROM 'x.parquet'"));
        Assert.Equal(
            ["flowmeter.version", "flowmeter.profile", "flowmeter.options"],
            Texts("SELECT decode(key) FROM parquet_kv_metadata('x.parquet')"));
        Assert.Contains(profile, Texts("SELECT decode(value) FROM parquet_kv_metadata('x.parquet')"));
    }

    /// <summary>DuckDB has microseconds for a time in UTC.</summary>
    [Fact]
    public async Task Times_keep_their_nanoseconds()
    {
        Make(new EngineMeter { MinPackets = 1 }, 100);
        await using ParquetReader reader = await ParquetReader.CreateAsync(_folder["x.parquet"]);
        Assert.Equal(1, reader.RowGroupCount);
        using ParquetRowGroupReader group = reader.OpenRowGroupReader(0);
        DataField<long> field = new("start_time", nullable: false);
        _ = new ParquetSchema(field);
        long[] times = new long[group.RowCount];
        await group.ReadRawAsync(field, times.AsMemory(), null, null);
        string[] written = [.. File.ReadLines(_folder["x.csv"]).Skip(1).Select(row => row.Split(',')[0])];
        Assert.Contains(written, time => time[^4..] != "000Z");
        Assert.Equal(written, times.Select(time => string.Create(
            CultureInfo.InvariantCulture, $"{DateTime.UnixEpoch.AddTicks(time / 100):yyyy-MM-ddTHH:mm:ss.fffffff}{time % 100:d2}Z")));
    }

    /// <summary>Readers skip row groups by them.</summary>
    [Theory]
    [MemberData(nameof(Profiles))]
    public void Statistics_are_those_of_the_values(string profile)
    {
        Make(new EngineMeter { Profile = profile, HasCommunityId = true, MinPackets = 1 }, 200);
        int compared = 0;
        foreach ((string name, string type) in Columns())
        {
            string of = $"FROM parquet_metadata('x.parquet') WHERE path_in_schema = '{name}'";
            string[] nulls = Texts($"SELECT count(*) FILTER (\"{name}\" IS NULL) FROM 'x.parquet'");
            Assert.Equal(nulls, Texts($"SELECT sum(stats_null_count)::BIGINT {of}"));
            string[] range = Texts($"SELECT unnest([min(stats_min_value::{type})::VARCHAR, max(stats_max_value::{type})::VARCHAR]) {of}");
            if (range[0].Length > 0)
            {
                compared++;
                string[] values = Texts($"SELECT unnest([min(\"{name}\")::VARCHAR, max(\"{name}\")::VARCHAR]) FROM 'x.parquet'");
                Assert.Equal(values.Select(value => value == "0.0" ? "-0.0" : value).First(), range[0] == "0.0" ? "-0.0" : range[0]);
                Assert.Equal(values[1], range[1]);
            }
        }

        Assert.InRange(compared, 3, int.MaxValue);
    }

    private (string Name, string Type)[] Columns() =>
        [.. Texts("SELECT column_name || '|' || column_type FROM (DESCRIBE SELECT * FROM 'x.parquet')")
            .Select(line => (line.Split('|')[0], line.Split('|')[1]))];

    private void Make(EngineMeter meter, int conversations)
    {
        byte[] capture = CaptureWriter.Pcap(Traffic.Random(51, new TrafficShape { Conversations = conversations }));
        foreach (TableFormat format in new[] { TableFormat.Csv, TableFormat.Parquet })
        {
            File.WriteAllBytes(_folder[$"x.{format.Name}"], meter.Encoded(capture, new TableEncoding(format)).Bytes);
        }
    }

    private string[] Texts(string sql)
    {
        using DuckDBCommand command = _database.CreateCommand();
        command.CommandText = sql.Replace("'x.", $"'{_folder.Path}/x.", StringComparison.Ordinal);
        using DuckDBDataReader reader = command.ExecuteReader();
        List<string> texts = [];
        while (reader.Read())
        {
            texts.Add(Convert.ToString(reader.GetValue(0), CultureInfo.InvariantCulture)!);
        }

        return [.. texts];
    }
}
