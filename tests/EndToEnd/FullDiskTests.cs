using FlowMeter.Tests.Support;

namespace FlowMeter.Tests.EndToEnd;

/// <summary>A disk without room under one output of a run leaves the others whole, and what is lost is counted.</summary>
[Trait("Category", "EndToEnd")]
public sealed class FullDiskTests : IDisposable
{
    private const int Flows = 3600;

    // $0 the binary, $1 the capture, $2 the disk, $3 the folder of the other outputs, $4 the bytes that are taken.
    private const string Begin = """
        mount -t tmpfs -o size=64k tmpfs "$2" || exit 99
        head -c "$4" /dev/zero > "$2/other"
        """;

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [BinaryTheory(Need.Mount | Need.Bash)]
    [InlineData("\"$1\"")]
    [InlineData("- < \"$1\"")]
    [InlineData("- < <(cat \"$1\")")]
    public void The_table_of_flows_is_whole_where_that_of_hosts_finds_no_room(string input)
    {
        Finished finished = Run(
            taken: 0,
            $"""
            "$0" read {input} -q --model none --hosts "$2/h.csv" -o "$3/flows.csv" --summary "$3/s.json"
            echo "exit code $?"
            tail -n +2 "$2/h.csv.partial" | wc -l
            tail -c 1 "$2/h.csv.partial" | od -An -c
            """);
        string[] lines = [.. finished.Output.Split('\n').Select(line => line.Trim())];
        Assert.Equal(("exit code 1", "\\n"), (lines[0], lines[2]));
        Assert.StartsWith(
            $"flowmeter: {_folder["disk/h.csv"]}: writing failed: No space left on device", finished.OnlyLine(), StringComparison.Ordinal);
        Assert.Equal(1 + Flows, File.ReadLines(_folder["flows.csv.partial"]).Count());
        Summary summary = Summary.Read(_folder["s.json"]);
        Assert.Equal(Flows, summary.Flows);
        long rows = long.Parse(lines[1], null);
        Assert.Equal(
            (Flows, Flows - rows), (summary["hosts"].GetProperty("rows").GetInt64(), summary["hosts"].GetProperty("rows_lost").GetInt64()));
        Assert.InRange(rows, 100, Flows / 2);
    }

    [BinaryFact(Need.Mount | Need.Bash)]
    public void The_table_has_its_name_where_the_summary_finds_no_room()
    {
        Finished finished = Run(
            taken: 64 << 10,
            """
            "$0" read "$1" -q --model none -o "$3/flows.csv" --summary "$2/s.json"
            echo "exit code $?"
            ls "$2"
            """);
        Assert.Equal("exit code 1\nother\n", finished.Output);
        Assert.StartsWith(
            $"flowmeter: {_folder["disk/s.json"]}: writing failed: No space left on device", finished.OnlyLine(), StringComparison.Ordinal);
        Assert.Equal(1 + Flows, File.ReadLines(_folder["flows.csv"]).Count());
    }

    private Finished Run(int taken, string script)
    {
        Directory.CreateDirectory(_folder["disk"]);
        string capture = _folder.WriteCapture("many.pcap", [.. Enumerable.Range(0, Flows).Select(i => Samples.Ethernet(
            4 * i, PacketBuilder.IPv4($"10.{i >> 8}.{i & 255}.1", "192.0.2.1", PacketBuilder.UdpProtocol, PacketBuilder.Udp(5000, 53))))]);
        return Launched.Start(
            "unshare", "-m", "bash", "-c", $"{Begin}\n{script}", FlowMeterBinary.Path!, capture, _folder["disk"], _folder.Path,
            $"{taken}").Finish().Succeeded();
    }
}
