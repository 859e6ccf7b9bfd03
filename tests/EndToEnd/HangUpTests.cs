using System.Globalization;
using FlowMeter.Tests.Oracle;

namespace FlowMeter.Tests.EndToEnd;

/// <summary>A terminal that goes away, and SIGHUP at any time.</summary>
[Trait("Category", "EndToEnd")]
public sealed class HangUpTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [BinaryFact(Need.Network | Need.Script)]
    public void A_capture_whose_terminal_goes_away_writes_its_rows_and_names_its_file()
    {
        using VethPair wire = new();
        Launched terminal = OnTerminal(
            wire, "capture", "-i", VethPair.Interface, "-o", _folder["flows.csv"], "--summary", _folder["s.json"]);
        wire.Send(Wire.Flows(0, 500));
        terminal.Signal("KILL");
        terminal.AwaitEnd();
        Await(() => IsReleased(_folder["s.json"]), "it ended");
        Assert.Equal(500, CsvTable.ReadFile(_folder["flows.csv"]).Rows.Count);
        Assert.Equal(["flows.csv", "s.json"], _folder.Names());
    }

    [BinaryFact(Need.Network | Need.Script)]
    public void A_capture_into_a_series_of_files_begins_the_next_one_and_goes_on()
    {
        using VethPair wire = new();
        Launched terminal = OnTerminal(
            wire, "capture", "-i", VethPair.Interface, "-o", _folder["flows-%Y.csv"], "--idle-timeout", "0.3", "--count", "600");
        wire.Send(Wire.Flows(0, 500));
        Await(() => Partial() is { } partial && _folder.Peek(partial).Count(c => c == '\n') == 501, "the rows were written");
        terminal.Signal("KILL");
        terminal.AwaitEnd();
        Await(() => Tables() is [var first] && IsReleased(first), "it rotated");
        Assert.Equal(500, CsvTable.ReadFile(Tables()[0]).Rows.Count);
        Thread.Sleep(1500);
        wire.Send(Wire.Flows(500, 100));
        Await(() => Tables() is [_, _] && Tables().All(IsReleased), "it took the rest and ended");
        Assert.Equal(600, Tables().Sum(path => CsvTable.ReadFile(path).Rows.Count));
    }

    [BinaryFact(Need.Script)]
    public void A_read_whose_terminal_goes_away_writes_what_was_metered_and_names_its_file()
    {
        string capture = _folder.Generate("big.pcap", "--packets", "2000000", "--flows", "20000");
        string files = string.Join(' ', Enumerable.Repeat(capture, 100));
        Launched terminal = Launched.Start(
            "script", "-qec",
            $"exec {FlowMeterBinary.Path} read {files} -o {_folder["flows.csv"]} --workers 1 --summary {_folder["s.json"]}", "/dev/null");
        terminal.Await(() => terminal.OutputSoFar.Contains(" s left", StringComparison.Ordinal), "it showed how far it was");
        terminal.Signal("KILL");
        terminal.AwaitEnd();
        Await(() => IsReleased(_folder["s.json"]), "it ended");
        Summary summary = Summary.Read(_folder["s.json"]);
        Assert.InRange(summary.Frames, 1, 199_000_000);
        Assert.Equal(["big.pcap", "flows.csv", "s.json"], _folder.Names());
        Assert.Equal(summary.Flows, File.ReadLines(_folder["flows.csv"]).Count() - 1);
    }

    [BinaryTheory]
    [InlineData("HUP", 129)]
    [InlineData("TERM", 143)]
    public void A_read_that_is_hung_up_is_stopped_as_by_other_signals(string signal, int exitCode)
    {
        Launched process = FlowMeterBinary.Start("read", "-", "-o", _folder["flows.csv"], "-q");
        process.Await(process.CatchesInterrupt, "it caught signals");
        process.Signal(signal);
        process.AwaitEnd().EndedWith(exitCode);
        Assert.Equal(["flows.csv"], _folder.Names());
    }

    [BinaryTheory(Need.Network)]
    [InlineData("HUP")]
    [InlineData("USR1")]
    [InlineData("USR2")]
    [InlineData("PIPE")]
    public void No_signal_of_these_ends_a_capture_from_its_first_instruction_to_its_last(string signal)
    {
        using VethPair wire = new();
        for (int i = 0; i < 5; i++)
        {
            Launched process = wire.Capture(
                "-o", _folder["flows.csv"], "-q", "--duration", "0.1", "--summary", _folder["s.json"]);
            process.Await(() => HandlesSignals(process.Id), "it caught signals");
            Launched storm = Launched.Start(
                "sh", "-c", string.Create(CultureInfo.InvariantCulture, $"while kill -{signal} {process.Id} 2>/dev/null; do :; done"));
            process.AwaitEnd().Succeeded();
            storm.Finish();
            Assert.True(File.Exists(_folder["s.json"]), "the summary was written");
            Assert.DoesNotContain(_folder.Names(), name => name.EndsWith(".partial", StringComparison.Ordinal));
            File.Delete(_folder["s.json"]);
        }
    }

    [BinaryTheory(Need.Network)]
    [InlineData("-o", "x.csv")]
    [InlineData("-o", "x-%Y.csv", "--rotate", "1s", "--hosts", "y.csv")]
    public void A_capture_without_traffic_leaves_the_header_as_a_read_of_nothing_does(params string[] options)
    {
        string[] Placed(string folder) =>
            [.. options.Select(word => word.EndsWith(".csv", StringComparison.Ordinal) ? _folder[folder + word] : word)];
        using VethPair wire = new();
        wire.Capture([.. Placed("live-"), "--duration", "1.5", "-q"]).AwaitEnd().Succeeded();
        string empty = _folder.WriteCapture("empty.pcap");
        FlowMeterBinary.Run(["read", empty, "-q", .. Placed("read-").Where(word => !word.StartsWith("--rot", StringComparison.Ordinal)
            && word != "1s")]);
        string[] live = [.. _folder.Names().Where(name => name.StartsWith("live-", StringComparison.Ordinal))];
        Assert.Equal(options.Count(word => word.EndsWith(".csv", StringComparison.Ordinal)), live.Length);
        string[] read = [.. _folder.Names().Where(name => name.StartsWith("read-", StringComparison.Ordinal))];
        Assert.Equal(live.Length, read.Length);
        Assert.Equal(read.Select(name => File.ReadAllText(_folder[name])), live.Select(name => File.ReadAllText(_folder[name])));
    }

    private static Launched OnTerminal(VethPair wire, params string[] arguments)
    {
        string line = string.Join(' ', arguments.Select(word => $"'{word}'"));
        Launched terminal = wire.Start("script", "-qec", $"exec {FlowMeterBinary.Path} {line}", "/dev/null");
        terminal.Await(() => terminal.OutputSoFar.Contains("packets", StringComparison.Ordinal), "it showed how far it was");
        return terminal;
    }

    /// <summary>Whether it is so far: SIGUSR2 is the last one that it takes care of.</summary>
    private static bool HandlesSignals(int process)
    {
        string[] status;
        try
        {
            status = File.ReadAllLines($"/proc/{process.ToString(CultureInfo.InvariantCulture)}/status");
        }
        catch (IOException)
        {
            return false;
        }

        // Before it becomes the program it is another one, which may catch signals, too.
        string caught = status.First(line => line.StartsWith("SigCgt:", StringComparison.Ordinal));
        return status[0].EndsWith("flowmeter", StringComparison.Ordinal)
            && (ulong.Parse(caught.AsSpan("SigCgt:".Length).Trim(), NumberStyles.HexNumber, CultureInfo.InvariantCulture)
                >> (12 - 1) & 1) != 0;
    }

    /// <summary>Whether a file is there and its writer has closed it, which it does a moment after the file gets its name.</summary>
    private static bool IsReleased(string path)
    {
        try
        {
            using FileStream file = File.OpenRead(path);
            return true;
        }
        catch (IOException)
        {
            return false;
        }
    }

    private static void Await(Func<bool> condition, string what) =>
        Assert.True(SpinWait.SpinUntil(condition, TimeSpan.FromMinutes(1)), $"a minute passed before {what}");

    private string? Partial() => _folder.Names().FirstOrDefault(name => name.EndsWith(".partial", StringComparison.Ordinal));

    private string[] Tables() =>
        [.. _folder.Names().Where(name => name.EndsWith(".csv", StringComparison.Ordinal)).Select(name => _folder[name])];
}
