using System.Text.RegularExpressions;

namespace FlowMeter.Tests.EndToEnd;

/// <summary>
/// A file whose bytes did not reach the disk. The kernel tells of that once and takes the pages for written: the next fsync(2) succeeds
/// with nothing done, so everything has to be written again before.
/// </summary>
[Trait("Category", "EndToEnd")]
public sealed partial class SyncFailureTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [BinaryFact(Need.Strace | Need.Network)]
    public void What_did_not_reach_the_disk_is_written_again_before_it_has_its_name()
    {
        using VethPair wire = new();
        string trace = _folder["trace"];
        Launched process = wire.Start(
            "strace", "-D", "-f", "-qq", "-o", trace, "-e", "trace=fsync,pwrite64,renameat2", "-e", "inject=fsync:error=EIO:when=1",
            FlowMeterBinary.Path!, "capture", "-i", VethPair.Interface, "-q", "--model", "none", "--idle-timeout", "1s", "-o",
            _folder["flows.csv"]);
        process.Await(() => File.Exists(_folder["flows.csv.partial"]), "it captured");
        wire.Send(Wire.Flows(0, 1000));
        process.Await(() => _folder.Peek("flows.csv.partial").AsSpan().Count('\n') == 1001, "all rows were written");
        process.Signal("HUP");
        process.Await(() => File.Exists(_folder["flows.csv"]), "it had its name");
        process.Signal("TERM");
        Assert.Contains(
            "flows.csv: can not be finished: Input/output error", process.AwaitEnd().Succeeded().OnlyLine(), StringComparison.Ordinal);
        string[] calls = [.. File.ReadLines(trace).Select(line => CallOf().Match(line).Value).Where(call => call.Length > 0)];
        int refused = Array.IndexOf(calls, "fsync");
        Assert.Equal(["fsync", "pwrite64", "fsync", "renameat2"], calls[refused..(refused + 4)]);
        Assert.Equal(1001, File.ReadLines(_folder["flows.csv"]).Count());
    }

    [GeneratedRegex(@"(?<=^\d+ +)\w+(?=\()")]
    private static partial Regex CallOf();
}
