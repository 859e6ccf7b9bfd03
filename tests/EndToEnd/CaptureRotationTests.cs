using System.Text.Json;
using FlowMeter.Engine.Export;
using FlowMeter.Engine.Output;
using FlowMeter.Tests.Export.Ipfix;
using FlowMeter.Tests.Oracle;
using FlowMeter.Tests.Output;

namespace FlowMeter.Tests.EndToEnd;

/// <summary>Files of a live capture: what is in them, taken together, is every flow once, whatever happens.</summary>
[Trait("Category", "EndToEnd")]
public sealed class CaptureRotationTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [BinaryTheory(Need.Network)]
    [InlineData("--rotate", "1s")]
    [InlineData("--rotate", "500kB")]
    [InlineData("--stats-every", "off")]
    public void No_flow_is_lost_or_doubled_where_one_file_ends_and_the_next_begins(params string[] options)
    {
        const int Parts = 4;
        const int FlowsOfPart = 5000;
        using VethPair wire = new();
        Launched process = wire.Capture(
            [
                "-o", _folder["flows-%H%M%S.csv"], "-q", "--summary", _folder["s.json"], "--workers", "2", "--idle-timeout", "0.5",
                .. options,
            ]);
        process.Await(() => Named("flows-").Length > 0, "it captured");
        for (int part = 0; part < Parts; part++)
        {
            wire.Send(Wire.Paced(Wire.Flows(part * FlowsOfPart, FlowsOfPart), 10_000));
            process.Signal("HUP");
        }

        process.Signal("TERM");
        Assert.Empty(process.AwaitEnd().Succeeded().Errors);
        CsvTable[] tables = [.. Named("flows-").Select(CsvTable.ReadFile)];
        Assert.InRange(tables.Length, 3, 50);
        Assert.All(tables, table => Assert.Equal("start_time", table.Header[0]));
        Assert.All(tables, table => Assert.NotEmpty(table.Rows));
        Assert.All(tables.SelectMany(table => table.Rows), row => Assert.Equal(tables[0].Header.Length, row.Length));
        Assert.DoesNotContain(_folder.Names(), name => name.EndsWith(".partial", StringComparison.Ordinal));
        Assert.Equal(Parts * FlowsOfPart, Summary.Read(_folder["s.json"]).Flows);
        Assert.Equal(Parts * FlowsOfPart, tables.Sum(table => table.Rows.Count));
        Assert.Equal(Parts * FlowsOfPart, tables.SelectMany(table => table.Texts("src_ip")).Distinct().Count());
    }

    [BinaryFact(Need.Network)]
    public void A_folder_that_is_removed_and_made_again_is_written_to_again()
    {
        using VethPair wire = new();
        Directory.CreateDirectory(_folder["out"]);
        Launched process = wire.Capture(["-o", _folder["out/flows-%s.csv"], "-q", "--rotate", "1s", "--idle-timeout", "0.5"]);
        process.Await(() => Directory.GetFiles(_folder["out"]).Length > 0, "it captured");
        Directory.Delete(_folder["out"], recursive: true);
        wire.Send(Wire.Flows(0, 100));
        Thread.Sleep(1500);
        Directory.CreateDirectory(_folder["out"]);
        wire.Send(Wire.Flows(1000, 100));
        process.Await(() => Directory.GetFiles(_folder["out"], "*.csv").Length > 0, "rows are written again");
        process.Signal("TERM");
        process.AwaitEnd().Succeeded();
    }

    [BinaryTheory(Need.Network)]
    [InlineData("csv")]
    [InlineData("ipfix")]
    [InlineData("parquet")]
    public void What_a_killed_capture_left_is_whole_and_the_next_one_finishes_it(string format)
    {
        using VethPair wire = new();
        string file = _folder[$"flows.{format}"];
        string[] capture = ["-o", file, "-q", "--idle-timeout", "0.5"];
        Launched killed = wire.Capture(capture);
        killed.Await(() => File.Exists(file + ".partial"), "it captured");
        wire.Send(Wire.Flows(0, 1000));
        killed.Await(() => RowsOf(file + ".partial", format) == 1000, "the first flows were written");
        killed.Signal("HUP");
        killed.Await(() => File.Exists(file), "the first file has its name");
        wire.Send(Wire.Flows(1000, 1000));
        killed.Await(() => Named("flows").FirstOrDefault(path => path.EndsWith(".partial", StringComparison.Ordinal)) is { } path
            && RowsOf(path, format) == 1000, "the next flows were written");
        byte[] finished = File.ReadAllBytes(file);
        killed.Signal("KILL");
        killed.AwaitEnd();
        Assert.Equal(finished, File.ReadAllBytes(file));
        string partial = Assert.Single(Named("flows"), path => path.EndsWith(".partial", StringComparison.Ordinal));
        File.AppendAllText(partial, "2026-01-01T00:00:00");

        string said = wire.Capture([.. capture, "--duration", "0.2"]).AwaitEnd().Succeeded().OnlyLine();
        Assert.Contains("has the 1000 rows that an earlier run left", said, StringComparison.Ordinal);
        Assert.False(File.Exists(partial));
        Assert.Equal(finished, File.ReadAllBytes(file));
        string[] files = Named("flows");

        // The last run saw nothing, and left its header.
        Assert.Equal(3, files.Length);
        string[] sources = [.. files.SelectMany(SourcesIn)];
        Assert.Equal((2000, 2000), (sources.Length, sources.Distinct().Count()));
    }

    [BinaryFact(Need.Network | Need.Mount)]
    public void A_full_disk_costs_rows_which_are_counted_and_the_capture_goes_on_when_there_is_room()
    {
        using SmallDisk disk = new(_folder["disk"], "2m");
        File.WriteAllBytes(_folder["disk/filler"], new byte[1_900_000]);
        using VethPair wire = new();
        string output = _folder["disk/flows.csv"];
        Launched process = wire.CaptureTelling(
            _folder["errors"], "-o", output, "-q", "--idle-timeout", "0.5", "--summary", _folder["s.json"]);
        process.Await(() => File.Exists(output + ".partial"), "it captured");
        wire.Send(Wire.Flows(0, 3000));
        process.Await(
            () => File.ReadAllText(_folder["errors"]).Contains("can not be written", StringComparison.Ordinal), "the disk was full");
        wire.Send(Wire.Flows(3000, 1000));
        File.Delete(_folder["disk/filler"]);
        int sent = 4000;
        process.Await(
            () =>
            {
                wire.Send(Wire.Flows(sent++, 1));
                Thread.Sleep(50);
                return File.ReadAllText(_folder["errors"]).Contains("is written again", StringComparison.Ordinal);
            },
            "rows were written again");
        process.Signal("TERM");
        process.AwaitEnd().Succeeded();
        string[] said = File.ReadAllLines(_folder["errors"]);
        Assert.Equal(2, said.Length);
        Assert.Contains($"{output}: can not be written: No space left on device", said[0], StringComparison.Ordinal);
        Assert.Contains("make room", said[0], StringComparison.Ordinal);
        Assert.Contains($"{output}: is written again; ", said[1], StringComparison.Ordinal);
        Summary summary = Summary.Read(_folder["s.json"]);
        JsonElement capture = summary["capture"];
        long lost = capture.GetProperty("rows_lost").GetInt64();
        CsvTable table = CsvTable.ReadFile(output);
        Assert.Contains($"; {lost} rows (", said[1], StringComparison.Ordinal);
        Assert.InRange(lost, 1, sent);
        Assert.Equal(sent, summary.Flows);
        Assert.Equal(sent, table.Rows.Count + lost + capture.GetProperty("sink_overruns").GetInt64());
        Assert.Equal(table.Rows.Count, table.Texts("src_ip").Distinct().Count());
        Assert.All(table.Rows, row => Assert.Equal(table.Header.Length, row.Length));
    }

    [BinaryTheory(Need.Network)]
    [InlineData("5x", "flows.csv", "neither a time (60s, 5m, 1h, 1d) nor a size")]
    [InlineData("1s,2m", "flows.csv", "is given twice")]
    [InlineData("1s", "-", "there is nothing to rotate")]
    [InlineData("1s", "flows-%Q.csv", "%Q")]
    public void What_can_not_be_rotated_is_said_before_anything_is_captured(string rotate, string output, string words)
    {
        using VethPair wire = new();
        string path = output == "-" ? output : _folder[output];
        Assert.Contains(words, wire.Capture("--rotate", rotate, "-o", path).AwaitEnd().EndedWith(2).Errors, StringComparison.Ordinal);
        Assert.Empty(_folder.Names());
    }

    private static IEnumerable<string> SourcesIn(string path) => Path.GetExtension(path) switch
    {
        ".csv" => CsvTable.ReadFile(path).Texts("src_ip"),
        ".parquet" => FlowMeterBinary.Run("score", path, "-q").Table().Texts("src_ip"),
        _ => IpfixReader.Flows(File.ReadAllBytes(path), checksNumbers: false).Select(flow => flow["sourceAddress"]),
    };

    /// <summary>Whole rows in a file that is being written, which the runtime does not open.</summary>
    private long RowsOf(string path, string format)
    {
        Launched.Start("cp", path, _folder["copy"]).Finish().Succeeded();
        RowFraming framing = TableFormat.Find(format)!.Framing;
        return framing.Whole(File.ReadAllBytes(_folder["copy"])).Rows - (framing == RowFraming.Lines ? 1 : 0);
    }

    private string[] Named(string beginning) =>
        [.. _folder.Names().Where(name => name.StartsWith(beginning, StringComparison.Ordinal)).Select(name => _folder[name])];
}
