using System.Text.Json;
using FlowMeter.Tests.Oracle;

namespace FlowMeter.Tests.EndToEnd;

[Trait("Category", "EndToEnd")]
public sealed class OutputTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [BinaryFact]
    public void A_table_appears_under_its_name_only_when_it_is_complete()
    {
        string pipe = _folder.MakePipe("pipe");
        string output = _folder.Write("flows.csv", "the table of yesterday");
        Launched process = FlowMeterBinary.Start("read", pipe, "-o", output);
        using (FileStream writer = new(pipe, FileMode.Open, FileAccess.Write))
        {
            writer.Write(File.ReadAllBytes(Samples.Office).AsSpan(0, 60_000));
            process.Await(() => File.Exists(output + ".partial"), "the partial table was there");
            Assert.Equal("the table of yesterday", File.ReadAllText(output));
            writer.Write(File.ReadAllBytes(Samples.Office).AsSpan(60_000));
        }

        process.Finish().Succeeded();
        Assert.NotEmpty(CsvTable.ReadFile(output).Texts("packets"));
        Assert.Equal(["flows.csv", "pipe"], _folder.Names());
    }

    [BinaryTheory(Need.Strace)]
    [InlineData("read", "--summary")]
    [InlineData("read", "-o")]
    [InlineData("read", "--packets")]
    public void What_has_its_name_is_on_the_disk_and_so_is_the_name(string command, string option)
    {
        string output = _folder["out"];
        string[] strace = ["-ff", "-y", "-o", _folder["trace"], "-e", "trace=fsync,fdatasync,rename,renameat,renameat2"];
        Launched.Start("strace", [.. strace, FlowMeterBinary.Path!, command, Samples.Office, option, output]).Finish().Succeeded();

        // A file for each thread: in one file the lines of several would be torn.
        string[] calls = [.. _folder.Names().Where(name => name.StartsWith("trace.", StringComparison.Ordinal))
            .SelectMany(name => File.ReadLines(_folder[name])).Where(line => line.Contains(_folder.Path, StringComparison.Ordinal))];
        Assert.Equal(3, calls.Length);
        Assert.Matches($@"^fsync\(\d+<{output}\.partial>\) += 0$", calls[0]);
        Assert.Matches($@"^rename\(""{output}\.partial"", ""{output}""\) += 0$", calls[1]);
        Assert.Matches($@"^fsync\(\d+<{_folder.Path}>\) += 0$", calls[2]);
    }

    [BinaryFact(Need.Root)]
    public void A_folder_that_can_not_be_read_takes_a_table_all_the_same()
    {
        // A drop box: who may make files in it may not list them, so nobody can sync it either.
        Directory.CreateDirectory(_folder["box"]);
        Nobody.ChangeMode("333", _folder["box"]);
        string capture = _folder.WriteCapture("a.pcap", Samples.Udp(1, 0));
        Nobody.Run(_folder, "read", capture, "-o", _folder["box/flows.csv"]).Succeeded();
        Assert.Single(CsvTable.ReadFile(_folder["box/flows.csv"]).Rows);
    }

    [BinaryFact]
    public void A_missing_folder_is_told()
    {
        string line = FlowMeterBinary.Run("read", Samples.Office, "-o", _folder["none/flows.csv"]).EndedWith(1).OnlyLine();
        Assert.Equal(
            $"flowmeter: {_folder["none/flows.csv"]}: there is no folder {_folder["none"]}; make it, or choose another place.", line);
    }

    [BinaryFact]
    public void A_missing_folder_for_the_summary_is_told_before_anything_is_written()
    {
        Finished finished = FlowMeterBinary.Run("read", Samples.Office, "-o", _folder["flows.csv"], "--summary", _folder["none/s.json"])
            .EndedWith(1);
        Assert.Contains(_folder["none/s.json"], finished.OnlyLine(), StringComparison.Ordinal);
        Assert.Empty(_folder.Names());
    }

    [BinaryFact]
    public void A_folder_as_output_is_told() => Assert.Contains(
        $"{_folder.Path}: is a directory; name a file in it",
        FlowMeterBinary.Run("read", Samples.Office, "-o", _folder.Path).EndedWith(1).OnlyLine(), StringComparison.Ordinal);

    [BinaryTheory]
    [InlineData("-o", "a.pcap")]
    [InlineData("-o", "link.pcap")]
    [InlineData("--summary", "a.pcap")]
    [InlineData("--summary", "link.pcap")]
    public void An_input_is_never_overwritten(string option, string name)
    {
        string capture = _folder.WriteCapture("a.pcap", Samples.Udp(1, 0));
        File.CreateSymbolicLink(_folder["link.pcap"], capture);
        byte[] before = File.ReadAllBytes(capture);
        Finished finished = FlowMeterBinary.Run("read", capture, option, _folder[name]).EndedWith(2);
        Assert.Contains($"{option} {_folder[name]}: is an input file, too", finished.OnlyLine(), StringComparison.Ordinal);
        Assert.Equal(before, File.ReadAllBytes(capture));
    }

    [BinaryTheory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_link_as_output_stays_a_link_and_its_target_gets_the_table(bool targetExists)
    {
        if (targetExists)
        {
            _folder.Write("real.csv", "old");
        }

        File.CreateSymbolicLink(_folder["link.csv"], _folder["real.csv"]);
        FlowMeterBinary.Run("read", Samples.Office, "-o", _folder["link.csv"]).Succeeded();
        Assert.Equal(_folder["real.csv"], new FileInfo(_folder["link.csv"]).LinkTarget);
        Assert.Equal(463, CsvTable.ReadFile(_folder["real.csv"]).Rows.Count);
        Assert.Equal(["link.csv", "real.csv"], _folder.Names());
    }

    [BinaryTheory(Need.Root)]
    [InlineData(false)]
    [InlineData(true)]
    public void A_device_as_output_is_not_replaced_by_a_file(bool throughLink)
    {
        // As somebody without rights: a binary that would replace the device fails here instead of spoiling the machine.
        string output = throughLink ? _folder["link"] : "/dev/null";
        File.CreateSymbolicLink(_folder["link"], "/dev/null");
        string capture = _folder.WriteCapture("a.pcap", Samples.Udp(1, 0));
        Nobody.Run(_folder, "read", capture, "-o", output).Succeeded();
        Launched.Start("test", "-c", "/dev/null").Finish().Succeeded();
    }

    [BinaryFact(Need.Bash)]
    public void A_reader_that_has_seen_enough_ends_the_run_quietly()
    {
        string capture = _folder.Generate("big.pcap", "--packets", "300000", "--flows", "60000");
        Finished finished = Shell("\"$0\" read \"$1\" | head -1; echo ${PIPESTATUS[0]}", FlowMeterBinary.Path!, capture);
        string[] lines = finished.Succeeded().Output.Split('\n');
        Assert.StartsWith("start_time,", lines[0], StringComparison.Ordinal);
        Assert.Equal("0", lines[1]);
        Assert.Empty(finished.Errors);
    }

    [BinaryTheory(Need.Bash)]
    [InlineData("1")]
    [InlineData("3")]
    public void A_reader_that_goes_away_leaves_a_summary_of_what_was_metered_by_then(string workers)
    {
        string capture = _folder.Generate("big.pcap", "--packets", "300000", "--flows", "60000");
        Finished finished = Shell(
            "\"$0\" read \"$1\" --workers \"$3\" --summary \"$2\" | head -1; echo ${PIPESTATUS[0]}", FlowMeterBinary.Path!, capture,
            _folder["s.json"], workers);
        Assert.EndsWith("\n0\n", finished.Succeeded().Output, StringComparison.Ordinal);
        Assert.Empty(finished.Errors);
        using JsonDocument summary = JsonDocument.Parse(File.ReadAllBytes(_folder["s.json"]));
        long flows = summary.RootElement.GetProperty("flows").GetInt64();
        Assert.InRange(flows, 0, 59_999);
        Assert.InRange(
            summary.RootElement.GetProperty("flows_by_end_reason").EnumerateObject().Sum(reason => reason.Value.GetInt64()), flows, 60_000);
        Assert.InRange(summary.RootElement.GetProperty("frames").GetInt64(), 1, 300_000);
    }

    [BinaryFact(Need.Bash)]
    public void Runs_that_share_a_file_as_standard_output_follow_each_other()
    {
        Shell("{ \"$0\" read -q \"$1\"; \"$0\" read -q \"$1\"; } > \"$2\"", FlowMeterBinary.Path!, Samples.Office, _folder["both.csv"])
            .Succeeded();
        Assert.Equal(2 * 464, File.ReadLines(_folder["both.csv"]).Count());
    }

    [BinaryFact(Need.Bash)]
    public void The_table_and_the_summary_in_one_file_do_not_overwrite_each_other()
    {
        Shell("\"$0\" read \"$1\" --model none > \"$2\" 2>&1", FlowMeterBinary.Path!, Samples.Office, _folder["log"]).Succeeded();
        string[] lines = File.ReadAllLines(_folder["log"]);
        Assert.StartsWith("start_time,", lines[0], StringComparison.Ordinal);
        Assert.StartsWith("flows  ", lines[^1], StringComparison.Ordinal);
        Assert.Equal(464 + 3, lines.Length);
    }

    [BinaryFact(Need.Mount | Need.Bash)]
    public void A_full_disk_keeps_whole_rows_and_says_how_many_bytes_and_where()
    {
        string capture = _folder.Generate("big.pcap", "--packets", "200000", "--flows", "20000");
        Directory.CreateDirectory(_folder["disk"]);
        const string script = """
            mount -t tmpfs -o size=1m tmpfs "$2" || exit 99
            "$0" read -q "$1" -o "$2/flows.csv" 2>&1
            echo "exit code $?"
            ls "$2"
            wc -c < "$2/flows.csv.partial"
            tail -c 1 "$2/flows.csv.partial" | od -An -c
            """;
        Finished finished = Launched.Start("unshare", "-m", "bash", "-c", script, FlowMeterBinary.Path!, capture, _folder["disk"]).Finish()
            .Succeeded();
        string[] lines = [.. finished.Output.Split('\n').Select(line => line.Trim())];
        string partial = _folder["disk/flows.csv"] + ".partial";
        Assert.StartsWith(
            $"flowmeter: {_folder["disk/flows.csv"]}: writing failed: No space left on device", lines[0], StringComparison.Ordinal);
        Assert.Contains(
            $"the {lines[3]} bytes before are in {partial}. Make room or choose another place", lines[0], StringComparison.Ordinal);
        Assert.Equal(["exit code 1", "flows.csv.partial"], lines[1..3]);
        Assert.InRange(int.Parse(lines[3], null), 100_000, 1 << 20);
        Assert.Equal("\\n", lines[4]);
    }

    [BinaryFact]
    public void A_summary_can_go_to_standard_output_beside_a_table_in_a_file()
    {
        Finished finished = FlowMeterBinary.Run("read", Samples.Office, "-q", "-o", _folder["flows.csv"], "--summary", "-").Succeeded();
        Assert.Equal(463, Summary.Read(_folder.Write("s.json", finished.Output)).Flows);
        FlowMeterBinary.Run("read", Samples.Office, "--summary", "-").EndedWith(2);
    }

    private static Finished Shell(string script, params string[] arguments) =>
        Launched.Start("bash", ["-c", script, .. arguments]).Finish();
}
