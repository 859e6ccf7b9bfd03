using System.Text.Json;

namespace FlowMeter.Tests.EndToEnd;

/// <summary>A live capture into pipes whose readers go, come back, or stall: the capture goes on, and what nobody got is counted.</summary>
[Trait("Category", "EndToEnd")]
public sealed class CapturePipeTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [BinaryFact(Need.Network | Need.Bash)]
    public void A_reader_that_closes_standard_output_is_said_once_and_the_capture_goes_on()
    {
        using VethPair wire = new();
        string command = $"exec '{FlowMeterBinary.Path}' capture -i {VethPair.Interface} -q --idle-timeout 0.3 --summary "
            + $"'{_folder["s.json"]}' 2> '{_folder["errors"]}' > >(head -n 1)";
        Launched process = wire.Start("bash", "-c", command);
        process.Await(() => File.Exists(_folder["s.json.partial"]), "it captured");
        int sent = 0;
        process.Await(
            () =>
            {
                wire.Send(Wire.Flows(sent, 100));
                sent += 100;
                Thread.Sleep(100);
                return File.ReadAllText(_folder["errors"]).Length > 0;
            },
            "the reader's end was noticed");
        wire.Send(Wire.Flows(sent, 100));
        sent += 100;
        process.Signal("TERM");
        Assert.StartsWith("start_time,", process.AwaitEnd().EndedWith(1).Output, StringComparison.Ordinal);
        Assert.Contains(
            "standard output: can not be written: its reader went away; all rows from now on are lost",
            Assert.Single(File.ReadAllLines(_folder["errors"])), StringComparison.Ordinal);
        Summary summary = Summary.Read(_folder["s.json"]);
        Assert.Equal(sent, summary.Frames);
        Assert.Equal(sent, summary.Flows);
        Assert.InRange(Lost(summary), 100, sent);
    }

    [BinaryFact(Need.Network)]
    public void A_named_pipe_goes_on_with_the_next_reader_who_gets_the_header_first()
    {
        using VethPair wire = new();
        string pipe = _folder.MakePipe("pipe");
        FileStream held = Hold(pipe);
        Launched process = wire.CaptureTelling(
            _folder["errors"], "-o", pipe, "-q", "--idle-timeout", "0.3", "--summary", _folder["s.json"]);
        process.Await(() => File.Exists(_folder["s.json.partial"]), "it captured");
        long read = 0;
        int sent = 0;
        using (StreamReader first = new(held))
        {
            Assert.StartsWith("start_time,", first.ReadLine(), StringComparison.Ordinal);
            sent += Send(wire, sent, 100);
            for (; read < 100; read++)
            {
                Assert.NotNull(first.ReadLine());
            }
        }

        sent += Send(wire, sent, 100);
        process.Await(
            () => File.ReadAllText(_folder["errors"]).Contains("its reader went away", StringComparison.Ordinal), "the reader was missed");
        using (StreamReader second = new(pipe))
        {
            Assert.StartsWith("start_time,", second.ReadLine(), StringComparison.Ordinal);
            process.Await(
                () => File.ReadAllText(_folder["errors"]).Contains("is written again", StringComparison.Ordinal), "rows are written again");
            sent += Send(wire, sent, 100);
            process.Signal("TERM");
            while (second.ReadLine() != null)
            {
                read++;
            }
        }

        process.AwaitEnd().Succeeded();
        Summary summary = Summary.Read(_folder["s.json"]);
        Assert.Equal(sent, summary.Flows);
        Assert.Equal(sent, read + Lost(summary));
        Assert.InRange(Lost(summary), 1, 100);
    }

    [BinaryFact(Need.Network)]
    public void A_reader_that_stalls_costs_rows_and_no_packets()
    {
        const int Flows = 150_000;
        using VethPair wire = new();
        string pipe = _folder.MakePipe("pipe");
        FileStream held = Hold(pipe);
        Launched process = wire.CaptureTelling(
            _folder["errors"], "-o", pipe, "-q", "--idle-timeout", "0.5", "--summary", _folder["s.json"]);
        process.Await(() => File.Exists(_folder["s.json.partial"]), "it captured");
        using StreamReader reader = new(pipe);
        held.Dispose();
        Assert.StartsWith("start_time,", reader.ReadLine(), StringComparison.Ordinal);
        wire.Send(Wire.Flows(0, Flows));
        process.Await(
            () => File.ReadAllText(_folder["errors"]).Contains("its reader takes nothing", StringComparison.Ordinal), "it was noticed");
        process.Signal("TERM");

        // Also the row that was torn when the reader stalled is finished, now that somebody reads.
        string rest = reader.ReadToEnd();
        Assert.EndsWith("\n", rest, StringComparison.Ordinal);
        long read = rest.Count(c => c == '\n');
        process.AwaitEnd();
        Summary summary = Summary.Read(_folder["s.json"]);
        Assert.Equal(Flows, summary.Frames + summary["capture"].GetProperty("kernel_drops").GetInt64());
        Assert.Equal(summary.Flows, read + Lost(summary));
        Assert.True(Lost(summary) > 0);
    }

    /// <summary>A reader that does not wait for a writer, as it could write, too.</summary>
    private static FileStream Hold(string pipe) => new(pipe, FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite);

    private static long Lost(Summary summary)
    {
        JsonElement capture = summary["capture"];
        return capture.GetProperty("rows_lost").GetInt64() + capture.GetProperty("sink_overruns").GetInt64();
    }

    private static int Send(VethPair wire, int first, int count)
    {
        wire.Send(Wire.Flows(first, count));
        return count;
    }
}
