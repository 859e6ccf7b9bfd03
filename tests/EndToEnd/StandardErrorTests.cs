using System.Diagnostics;
using FlowMeter.Tests.Oracle;

namespace FlowMeter.Tests.EndToEnd;

/// <summary>Standard error that is full, closed, hung up or not read ends nothing and holds nothing up.</summary>
[Trait("Category", "EndToEnd")]
public sealed class StandardErrorTests : IDisposable
{
    private const string Full = "2>/dev/full";
    private const string Closed = "2>&-";

    // A pipe that has a reader, which is the process itself and reads nothing.
    private const string Stalled = "2<>\"$PIPE\"";

    // A pipe whose reader has ended before.
    private const string Left = "2>&4";

    private readonly TemporaryFolder _folder = new();

    public static TheoryData<string, string, int> Commands
    {
        get
        {
            TheoryData<string, string, int> all = [];
            foreach (string where in new[] { Full, Closed, Stalled, Left })
            {
                all.Add(where, "read OFFICE -o DIR/x.csv --summary DIR/s.json", 0);
                all.Add(where, "read OFFICE DIR/none -o DIR/x.csv", 1);
                all.Add(where, "score TABLE -o DIR/x.csv", 0);
                all.Add(where, "report TABLE -o DIR/x.html", 0);
                all.Add(where, "report TABLE", 0);
                all.Add(where, "train OFFICE --labels LABELS --transform bins:8 -o DIR/m.json", 0);
                all.Add(
                    where, "train OFFICE --labels LABELS --transform bins:8 -o DIR/m.json --json DIR/e.json --report DIR/r.html", 0);
                all.Add(where, "train DIR/none -o DIR/m.json", 1);
                all.Add(where, "evaluate OFFICE --labels LABELS --model builtin --json DIR/e.json", 0);
                all.Add(where, "evaluate DIR/none --labels LABELS --model builtin", 1);
                all.Add(where, "tune --model MODEL --benign OFFICE -o DIR/t.json --json DIR/e.json", 0);
                all.Add(where, "tune --benign DIR/none -o DIR/t.json", 1);
                all.Add(where, "score DIR/none -o DIR/y.csv", 1);
                all.Add(where, "report DIR/none -o DIR/y.html", 1);
                all.Add(where, "capture --interface none -o DIR/y.csv", 1);
                all.Add(where, "generate DIR/none/g.pcap", 1);
                all.Add(where, "interfaces", 0);
                all.Add(where, "completion bash", 0);
                all.Add(where, "help read", 0);
                all.Add(where, "--version", 0);
                all.Add(where, "replay OFFICE", 0);
                all.Add(where, "generate DIR/g.pcap --packets 100", 0);
                all.Add(where, "features", 0);
                all.Add(where, "nonsense", 2);
            }

            return all;
        }
    }

    public void Dispose() => _folder.Dispose();

    [BinaryTheory(Need.Bash)]
    [MemberData(nameof(Commands))]
    public void Every_command_does_its_work_and_has_its_exit_code(string where, string line, int exitCode)
    {
        string table = _folder["flows.csv"];
        FlowMeterBinary.Run("read", Samples.Office, "-o", table, "-q").Succeeded();
        if (line.Contains("MODEL", StringComparison.Ordinal))
        {
            FlowMeterBinary.Run(
                "train", Samples.Office, "--labels", Samples.OfficeLabels, "--transform", "bins:8", "--keep-malicious", "-q", "-o",
                _folder["model.json"]).Succeeded();
        }

        string typed = line.Replace("OFFICE", Samples.Office, StringComparison.Ordinal)
            .Replace("DIR", _folder.Path, StringComparison.Ordinal)
            .Replace("TABLE", table, StringComparison.Ordinal)
            .Replace("MODEL", _folder["model.json"], StringComparison.Ordinal)
            .Replace("LABELS", Samples.OfficeLabels, StringComparison.Ordinal);
        Finished here = Shell(where, typed);
        if (exitCode == 0 || line.Contains("DIR/none", StringComparison.Ordinal))
        {
            Assert.DoesNotContain(_folder.Names(), name => name.EndsWith(".partial", StringComparison.Ordinal));
        }

        here.EndedWith(exitCode);
    }

    /// <summary>Where stderr is closed the next file that is opened would have its number, and take what is meant for it.</summary>
    [BinaryTheory(Need.Bash)]
    [InlineData("2>&-")]
    [InlineData("0<&- 2>&-")]
    [InlineData("0<&- 1>&- 2>&-")]
    public void No_message_gets_into_a_file_of_the_run(string where)
    {
        string expected = FlowMeterBinary.Run("read", Samples.Office, "-q").Succeeded().Output;
        Shell(where, $"read {Samples.Office} {_folder["none"]} -o {_folder["x.csv"]}").EndedWith(1);
        Shell(where, $"read {Samples.Office} -o {_folder["x.csv"]}").Succeeded();
        Assert.Equal(expected, File.ReadAllText(_folder["x.csv"]));
    }

    [BinaryFact(Need.Network | Need.Bash)]
    public void A_capture_goes_on_writing_and_ends_when_told_while_nobody_reads_what_it_says()
    {
        using VethPair wire = new();
        string pipe = _folder.MakePipe("stderr");
        Launched process = wire.Start(
            "bash", "-c", "exec \"$@\" 2<>\"$PIPE\"".Replace("$PIPE", pipe, StringComparison.Ordinal), "bash", FlowMeterBinary.Path!,
            "capture", "-i", VethPair.Interface, "-o", _folder["flows.csv"], "--stats-every", "1ms", "--idle-timeout", "0.5", "--summary",
            _folder["s.json"], "--hosts", _folder["hosts.csv"]);
        process.Await(() => File.Exists(_folder["flows.csv.partial"]), "it captured");
        int sent = 0;
        Stopwatch clock = Stopwatch.StartNew();

        // 64 KiB are in the pipe after half a second.
        while (clock.Elapsed < TimeSpan.FromSeconds(3))
        {
            wire.Send(Wire.Flows(sent, 10));
            sent += 10;
            Thread.Sleep(5);
        }

        process.Await(() => _folder.Peek("flows.csv.partial").Count(c => c == '\n') == 1 + sent, "all flows were written");
        clock.Restart();
        process.Signal("TERM");
        process.AwaitEnd().Succeeded();
        Assert.InRange(clock.Elapsed, TimeSpan.Zero, TimeSpan.FromSeconds(20));
        Assert.Equal(sent, CsvTable.ReadFile(_folder["flows.csv"]).Rows.Count);
        Assert.Equal(sent, Summary.Read(_folder["s.json"]).Flows);
    }

    [BinaryFact(Need.Network | Need.Bash)]
    public void Lines_that_can_not_be_written_are_counted()
    {
        using VethPair wire = new();
        Launched process = wire.Start(
            "bash", "-c", "exec \"$@\" 2>/dev/full", "bash", FlowMeterBinary.Path!, "capture", "-i", VethPair.Interface, "-o",
            _folder["flows.csv"], "--stats-every", "10ms", "--duration", "1", "--summary", _folder["s.json"]);
        process.AwaitEnd().Succeeded();
        Assert.InRange(Summary.Read(_folder["s.json"])["log_lines_lost"].GetInt64(), 10, 10_000);
    }

    private Finished Shell(string where, string typed)
    {
        string pipe = where == Stalled ? _folder.MakePipe("stderr") : "";
        string before = where == Left ? "exec 4> >(:); wait $!; " : "";
        return Launched.Start(
            "bash", "-c", $"{before}{FlowMeterBinary.Path} {typed} {where.Replace("$PIPE", pipe, StringComparison.Ordinal)}").Finish();
    }
}
