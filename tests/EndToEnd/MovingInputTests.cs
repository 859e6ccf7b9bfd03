using FlowMeter.Tests.Oracle;
using FlowMeter.Tests.Support;

namespace FlowMeter.Tests.EndToEnd;

/// <summary>
/// Files that another process changes while they are read. When the change meets the reader is chance, so each is tried several times.
/// </summary>
[Trait("Category", "EndToEnd")]
public sealed class MovingInputTests : IDisposable
{
    private const int Packets = 400_000;
    private const string PacketsText = "400000";
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [BinaryTheory]
    [InlineData("1")]
    [InlineData("2")]
    public void A_file_that_is_truncated_while_it_is_read_ends_there_and_every_frame_read_is_accounted_for(string workers)
    {
        string path = _folder.Generate("big.pcap", "--packets", PacketsText, "--flows", "1000");
        byte[] whole = File.ReadAllBytes(path);
        for (int round = 0; round < 8; round++)
        {
            File.WriteAllBytes(path, whole);
            Launched process = FlowMeterBinary.Start(
                "read", path, "-q", "-o", _folder["flows.csv"], "--summary", _folder["s.json"], "--workers", workers, "--model",
                "none");
            SpinWait.SpinUntil(
                () => _folder.Names().Any(name => name.StartsWith("flows.csv", StringComparison.Ordinal)), TimeSpan.FromSeconds(60));
            Thread.Sleep(round * 5);
            using (FileStream file = new(path, FileMode.Open, FileAccess.Write, FileShare.ReadWrite))
            {
                // Not on a record's border.
                file.SetLength(100_001);
            }

            Finished finished = process.Finish();
            finished.EndedWith(finished.Errors.Length == 0 ? 0 : 1);
            string table = _folder[finished.ExitCode == 0 ? "flows.csv" : "flows.csv.partial"];
            Assert.True(
                finished.Errors.Length == 0 || finished.OnlyLine().Contains("ends inside a record", StringComparison.Ordinal),
                finished.Errors);
            Summary summary = Summary.Read(_folder["s.json"]);
            Assert.InRange(summary.Frames, (100_001 / 80) - 1, Packets);
            Assert.Equal(summary.Frames, CsvTable.ReadFile(table).Sum("packets"));
            File.Delete(table);
        }
    }

    [BinaryFact]
    public void A_file_that_grows_while_it_is_read_is_metered_at_least_to_its_first_length()
    {
        string path = _folder.Generate("big.pcap", "--packets", PacketsText, "--flows", "1000");
        byte[] record = CaptureWriter.Pcap([Samples.Udp(1, 0)], nanoseconds: false)[24..];
        Launched process = FlowMeterBinary.Start("read", path, "-q", "--summary", _folder["s.json"]);
        using (FileStream file = new(path, FileMode.Append, FileAccess.Write, FileShare.ReadWrite, bufferSize: 0))
        {
            // In pieces that are no records, for at most some seconds: a reader that can not keep up would never end.
            for (int i = 0; i < 20_000 && process.IsRunning; i++)
            {
                file.Write(record.AsSpan(0, 7));
                file.Write(record.AsSpan(7));
            }
        }

        // Whether the end of the file was inside a record just then is chance; if it was, that is said.
        Finished finished = process.Finish();
        if (finished.Errors.Contains("ends inside a record", StringComparison.Ordinal))
        {
            finished.EndedWith(1);
        }
        else
        {
            finished.Succeeded();
        }

        Assert.InRange(Summary.Read(_folder["s.json"]).Frames, Packets, Packets + 20_000);
    }
}
