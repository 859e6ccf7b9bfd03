using FlowMeter.Tests.Oracle;

namespace FlowMeter.Tests.EndToEnd;

/// <summary><c>capture --af-xdp</c>, as it is seen from outside.</summary>
[Trait("Category", "EndToEnd")]
public sealed class CaptureXdpTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [BinaryTheory(Need.Network | Need.Root | Need.Xdp)]
    [InlineData("-q")]
    [InlineData("-q", "--buffer", "1MiB")]
    [InlineData("-q", "--user", "nobody")]
    [InlineData("-q", "--no-promiscuous", "--filter", "udp port 443")]
    public void Packets_sent_are_metered_or_counted_as_dropped(params string[] options)
    {
        const int Packets = 50_000;
        using VethPair wire = new();
        Nobody.ChangeMode("a+rwx", _folder.Path);
        Launched process = wire.CaptureInto(_folder["flows.csv"], ["--af-xdp", "--summary", _folder["s.json"], .. options]);
        wire.Send(Wire.Flows(0, Packets));
        process.Signal("TERM");
        process.AwaitEnd().Succeeded();

        Summary summary = Summary.Read(_folder["s.json"]);
        Assert.Equal(Packets, summary.Frames + summary["capture"].GetProperty("kernel_drops").GetInt64());
        Assert.Equal(summary.Frames, CsvTable.ReadFile(_folder["flows.csv"]).Texts("src_ip").Distinct().Count());
        Assert.DoesNotContain("xdp", Link(wire), StringComparison.Ordinal);
    }

    [BinaryFact(Need.Network | Need.Root | Need.Xdp)]
    public void The_rows_are_those_of_the_ring()
    {
        using VethPair wire = new();
        string[][] tables = [.. new[] { "--af-xdp", "--pin" }.Select(option =>
        {
            string path = _folder[$"{option}.csv"];
            Launched process = wire.CaptureInto(path, option, "-q", "--profile", "extended");
            wire.Send(Wire.Flows(0, 1000));
            process.Signal("TERM");
            process.AwaitEnd().Succeeded();
            CsvTable table = CsvTable.ReadFile(path);
            return Enumerable.Range(0, table.Texts("src_ip").Length).Select(row => string.Join(
                ',', new[] { "src_ip", "src_port", "dst_ip", "dst_port", "protocol", "packets", "bytes" }.Select(
                    name => table.Texts(name)[row]))).Order().ToArray();
        })];
        Assert.Equal(1000, tables[0].Length);
        Assert.Equal(tables[1], tables[0]);
    }

    [BinaryFact(Need.Network | Need.Root | Need.Xdp)]
    public void The_program_goes_with_a_process_that_is_killed()
    {
        using VethPair wire = new();
        Launched process = wire.CaptureInto(_folder["flows.csv"], "--af-xdp", "-q");
        Assert.Contains("xdp", Link(wire), StringComparison.Ordinal);
        process.Signal("KILL");
        _ = process.AwaitEnd();
        Assert.True(SpinWait.SpinUntil(() => !Link(wire).Contains("xdp", StringComparison.Ordinal), TimeSpan.FromSeconds(5)));
    }

    [BinaryFact(Need.Network | Need.Root | Need.Xdp)]
    public void The_interface_of_the_default_route_is_taken_only_by_force()
    {
        using VethPair wire = new();
        wire.Start("ip", "addr", "add", "192.0.2.1/24", "dev", VethPair.Interface).Finish().Succeeded();
        wire.Start("ip", "route", "add", "default", "via", "192.0.2.2").Finish().Succeeded();
        Assert.Equal(
            "flowmeter: --af-xdp: far0 is the interface of the default route, and this machine would get none of its packets any more; "
                + "capture a tap or a mirror port, or insist with --af-xdp-force.",
            wire.Capture("--af-xdp", "--duration", "1", "-o", _folder["flows.csv"]).Finish().EndedWith(2).OnlyLine());

        Launched forced = wire.CaptureInto(_folder["flows.csv"], "--af-xdp-force", "-q", "--summary", _folder["s.json"]);
        wire.Send(Wire.Flows(0, 10));
        forced.Signal("TERM");
        forced.AwaitEnd().Succeeded();
        Assert.Equal(10, Summary.Read(_folder["s.json"]).Frames);
    }

    private static string Link(VethPair wire) =>
        wire.Start("ip", "-o", "link", "show", VethPair.Interface).Finish().Succeeded().Output;
}
