using FlowMeter.Tests.Oracle;

namespace FlowMeter.Tests.EndToEnd;

[Trait("Category", "EndToEnd")]
public sealed class MainJobTests
{
    private const string Header =
        "start_time,end_time,src_ip,src_port,dst_ip,dst_port,protocol,end_reason,duration_us,packets,fwd_packets,bwd_packets,bytes,"
            + "fwd_bytes,bwd_bytes,"
        + "packet_size_mean,packet_size_std,packet_size_min,packet_size_max,fwd_packet_size_mean,fwd_packet_size_std,fwd_packet_size_min,"
        + "fwd_packet_size_max,"
        + "bwd_packet_size_mean,bwd_packet_size_std,bwd_packet_size_min,bwd_packet_size_max,iat_mean_us,iat_std_us,iat_min_us,iat_max_us,"
        + "fwd_iat_total_us,fwd_iat_mean_us,fwd_iat_std_us,fwd_iat_min_us,fwd_iat_max_us,bwd_iat_total_us,bwd_iat_mean_us,bwd_iat_std_us,"
        + "bwd_iat_min_us,bwd_iat_max_us,"
        + "packets_per_us,fwd_packets_per_us,bwd_packets_per_us,bytes_per_us,fwd_bytes_per_us,bwd_bytes_per_us";

    [BinaryFact]
    public void The_table_of_the_sample_has_the_columns_of_the_default_profile_and_the_verdict_of_the_model_inside() =>
        Assert.Equal([.. Header.Split(','), "score", "verdict"], FlowMeterBinary.Run("read", Samples.Office).Table().Header);

    [BinaryFact]
    public void Without_a_model_the_table_has_the_columns_of_the_profile_alone_and_the_same_rows()
    {
        CsvTable judged = FlowMeterBinary.Run("read", Samples.Office).Table();
        CsvTable plain = FlowMeterBinary.Run("read", Samples.Office, "--model", "none").Table();
        Assert.Equal(Header.Split(','), plain.Header);
        Assert.Equal(plain.Set(), judged.Rows.Select(row => string.Join(',', row[..^2])).Order(StringComparer.Ordinal));
    }

    [BinaryFact]
    public void Every_row_of_the_sample_agrees_with_itself()
    {
        CsvTable table = FlowMeterBinary.Run("read", Samples.Office).Table();
        Assert.NotEmpty(table.Rows);
        for (int row = 0; row < table.Rows.Count; row++)
        {
            Assert.Equal(table.Header.Length, table.Rows[row].Length);
            Assert.Equal(table.Number(row, "packets"), table.Number(row, "fwd_packets") + table.Number(row, "bwd_packets"));
            Assert.Equal(table.Number(row, "bytes"), table.Number(row, "fwd_bytes") + table.Number(row, "bwd_bytes"));
            Assert.InRange(
                table.Number(row, "packet_size_mean"), table.Number(row, "packet_size_min"), table.Number(row, "packet_size_max"));
            Assert.InRange(table.Number(row, "iat_mean_us"), table.Number(row, "iat_min_us"), table.Number(row, "iat_max_us"));
            Assert.InRange(table.Number(row, "duration_us"), 0, 12e6);
            Assert.True(string.CompareOrdinal(table.Text(row, "start_time"), table.Text(row, "end_time")) <= 0);
            Assert.Contains(table.Text(row, "end_reason"), new[] { "end", "forced" });
        }
    }

    [BinaryFact]
    public void Every_labelled_flow_of_the_sample_is_a_row_and_every_row_is_labelled()
    {
        CsvTable table = FlowMeterBinary.Run("read", Samples.Office).Table();
        string[] columns = ["protocol", "src_ip", "src_port", "dst_ip", "dst_port", "packets"];
        IEnumerable<string> rows = Enumerable.Range(0, table.Rows.Count).Select(
            row => string.Join(' ', columns.Select(column => table.Text(row, column))));

        // file proto src sport dst dport first_ts packets …
        IEnumerable<string> labelled = File.ReadLines(Samples.OfficeLabels).Skip(1).Select(line => line.Split('\t')).Select(
            field => string.Join(' ', field[1..6].Append(field[7])));
        Assert.Equal(labelled.Order(StringComparer.Ordinal), rows.Order(StringComparer.Ordinal));
    }

    [BinaryFact]
    public void The_summary_has_every_counter_and_accounts_for_every_frame_of_the_sample()
    {
        using TemporaryFolder folder = new();
        CsvTable table = FlowMeterBinary.Run("read", Samples.Office, "--summary", folder["run.json"]).Table();
        Summary summary = Summary.Read(folder["run.json"]);
        Assert.Equal(1697, summary.Frames);
        Assert.Equal(14, summary["skipped"].GetProperty("non_ip").GetInt64());
        Assert.Equal(
            ["encrypted", "malformed", "non_ip", "truncated", "unsupported_linktype"],
            summary.Names("skipped").Order(StringComparer.Ordinal));
        Assert.Equal(["active", "end", "forced", "idle", "resources"], summary.Names("flows_by_end_reason").Order(StringComparer.Ordinal));
        Assert.Equal(table.Rows.Count, summary.Flows);
        Assert.Equal(table.Sum("packets"), summary["metered"].GetInt64());
        Assert.Equal(table.Sum("bytes"), summary["bytes"].GetInt64());
        Assert.Equal(0, summary["out_of_order"].GetInt64());
        Assert.Equal(summary.Frames / summary["seconds"].GetDouble(), summary["packets_per_second"].GetDouble(), 1.0);
        Assert.Equal(summary.Flows, summary["verdicts"].EnumerateObject().Sum(verdict => verdict.Value.GetInt64()));
        FlowMeterBinary.Run("read", Samples.Office, "--model", "none", "--summary", folder["plain.json"]).Succeeded();
        Summary plain = Summary.Read(folder["plain.json"]);
        Assert.Equal(System.Text.Json.JsonValueKind.Null, plain["verdicts"].ValueKind);
        Assert.Equal(System.Text.Json.JsonValueKind.Null, plain["data_reduction"].ValueKind);
    }

    [BinaryFact]
    public void The_summary_for_people_goes_to_stderr_and_quiet_leaves_it_out()
    {
        Assert.Contains(
            "flows                     463   429 end, 34 forced", FlowMeterBinary.Run("read", Samples.Office).Succeeded().Errors,
            StringComparison.Ordinal);
        Assert.Empty(FlowMeterBinary.Run("read", Samples.Office, "--quiet").Succeeded().Errors);
    }

    [BinaryFact]
    public void The_binary_is_not_larger_than_20_MB() => Assert.InRange(new FileInfo(FlowMeterBinary.Path!).Length, 1, 20_000_000);
}
