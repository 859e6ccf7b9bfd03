using System.Diagnostics;
using FlowMeter.Tests.Oracle;
using FlowMeter.Tests.Support;

namespace FlowMeter.Tests.EndToEnd;

/// <summary>Ctrl-C and its like, while packets may still come.</summary>
[Trait("Category", "EndToEnd")]
public sealed class StopTests : IDisposable
{
    private const int PipeCapacity = 65_536;
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [BinaryTheory]
    [InlineData("INT", 130, "1")]
    [InlineData("TERM", 143, "1")]
    [InlineData("INT", 130, "3")]
    public void A_stopped_run_writes_what_was_metered_and_names_its_file(string signal, int exitCode, string workers)
    {
        Launched process = FlowMeterBinary.Start(
            "read", "-", "-o", _folder["flows.csv"], "--summary", _folder["s.json"], "-q", "--workers", workers);
        byte[] capture = CaptureWriter.Pcap([.. Enumerable.Range(0, 2000).Select(i => Samples.Udp(i % 10, i * 1e-3, payload: 500))]);
        process.Input.Write(capture.AsSpan(0, capture.Length - 7));

        // What is not in the pipe any more has been read.
        int read = (int)(2000L * (capture.Length - PipeCapacity) / capture.Length) - 1;
        process.Signal(signal);
        Finished finished = process.AwaitEnd().EndedWith(exitCode);
        Assert.Empty(finished.Errors);
        CsvTable table = CsvTable.ReadFile(_folder["flows.csv"]);
        Assert.InRange(table.Sum("packets"), read, 2000);
        Assert.All(table.Texts("end_reason"), reason => Assert.Equal("forced", reason));
        Assert.Equal(table.Sum("packets"), Summary.Read(_folder["s.json"]).Frames);
        Assert.Equal(["flows.csv", "s.json"], _folder.Names());
    }

    [BinaryFact]
    public void A_run_that_waits_for_the_first_byte_can_be_stopped() => Stopped(FlowMeterBinary.Start("read", "-"));

    [BinaryFact]
    public void A_run_that_waits_for_a_pipes_writer_can_be_stopped() => Stopped(FlowMeterBinary.Start("read", _folder.MakePipe("pipe")));

    [BinaryFact]
    public void A_filter_that_nothing_matches_does_not_keep_a_run_from_stopping()
    {
        string capture = _folder.Generate("big.pcap", "--packets", "2000000", "--flows", "1000");
        Launched process = FlowMeterBinary.Start(
            ["read", .. Enumerable.Repeat(capture, 200), "--filter", "icmp", "-o", _folder["flows.csv"], "-q"]);
        process.Await(() => File.Exists(_folder["flows.csv.partial"]), "it began");
        Stopwatch clock = Stopwatch.StartNew();
        process.Signal("INT");
        process.AwaitEnd().EndedWith(130);
        Assert.InRange(clock.Elapsed, TimeSpan.Zero, TimeSpan.FromSeconds(10));
    }

    private static void Stopped(Launched process)
    {
        process.Await(process.CatchesInterrupt, "it caught SIGINT");
        process.Signal("INT");

        // The header, too: a process that the signal killed would have the same exit code.
        Assert.StartsWith("start_time,", process.AwaitEnd().EndedWith(130).Output, StringComparison.Ordinal);
    }
}
