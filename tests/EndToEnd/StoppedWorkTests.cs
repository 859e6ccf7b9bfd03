using System.Diagnostics;

namespace FlowMeter.Tests.EndToEnd;

/// <summary>
/// A signal in the midst of learning, judging or making a page: the command ends at once with the signal's exit code, and leaves nothing
/// that looks like its result.
/// </summary>
[Trait("Category", "EndToEnd")]
public sealed class StoppedWorkTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public static TheoryData<string, string, int> Waiting
    {
        get
        {
            TheoryData<string, string, int> all = [];
            foreach (string command in new[]
            {
                "train PIPE --labels LABELS -o DIR/m.json --json DIR/e.json --report DIR/r.html",
                "evaluate PIPE --labels LABELS --model builtin --json DIR/e.json --report DIR/r.html",
                "tune --benign PIPE -o DIR/m.json --json DIR/e.json",
                "score PIPE --model builtin -o DIR/x.csv",
                "report PIPE -o DIR/r.html",
            })
            {
                all.Add(command, "HUP", 129);
                all.Add(command, "INT", 130);
                all.Add(command, "TERM", 143);
            }

            return all;
        }
    }

    public void Dispose() => _folder.Dispose();

    /// <summary>The input is a pipe that nobody writes into, or one that stops within its first bytes.</summary>
    [BinaryTheory(Need.Bash)]
    [MemberData(nameof(Waiting))]
    public void A_command_that_waits_for_its_input_is_stopped_and_leaves_nothing(string command, string signal, int exitCode)
    {
        string pipe = _folder.MakePipe("pipe");
        string[] words = Words(command.Replace("PIPE", pipe, StringComparison.Ordinal));
        Launched process = FlowMeterBinary.Start(words);
        process.Await(process.CatchesInterrupt, "it caught signals");
        Stop(process, signal, exitCode);
        Assert.Equal(["pipe"], _folder.Names());

        // Both ends are open for bash, so that neither waits for the other. A table has its header and some rows by then.
        bool takesTable = command.StartsWith("score", StringComparison.Ordinal) || command.StartsWith("report", StringComparison.Ordinal);
        process = Launched.Start(
            "bash", ["-c", "exec 3<>$0; head -c 3000 \"$1\" >&3; shift; exec \"$@\"", pipe, takesTable ? Table() : Samples.Office,
            FlowMeterBinary.Path!, .. words]);
        process.Await(() => IsFlowMeter(process.Id) && process.CatchesInterrupt(), "it caught signals");
        Thread.Sleep(200);
        Stop(process, signal, exitCode);
        Assert.DoesNotContain(_folder.Names(), name => name is not ("pipe" or "flows.csv"));
    }

    [BinaryTheory(Need.Bash)]
    [InlineData("HUP", 129)]
    [InlineData("INT", 130)]
    [InlineData("TERM", 143)]
    public void Fits_are_stopped_and_leave_no_model(string signal, int exitCode)
    {
        Launched process = WithBothOutputs(Words(
            "train OFFICE --labels LABELS --folds 10 --transform bins:4 bins:8 bins:16 bins:32 log1p identity "
                + "--C 0.001 0.01 0.1 1 10 100 1000 --penalty l1 l2 -o DIR/m.json --json DIR/e.json --report DIR/r.html"));
        process.Await(() => process.OutputSoFar.Contains("grid points", StringComparison.Ordinal), "it began to fit");
        Stop(process, signal, exitCode);
        Assert.Empty(_folder.Names());
    }

    /// <summary>Wherever it is by then, it is all there or nothing.</summary>
    [BinaryTheory]
    [InlineData("train OFFICE --labels LABELS --transform bins:8 -o DIR/m.json --json DIR/e.json --report DIR/r.html -q")]
    [InlineData("evaluate OFFICE --labels LABELS --model builtin --json DIR/e.json --report DIR/r.html -q")]
    [InlineData("report TABLE -o DIR/r.html")]
    [InlineData("score TABLE --model builtin -o DIR/x.csv -q")]
    public void A_signal_at_any_time_leaves_whole_files_or_none(string command)
    {
        Table();
        string[] words = Words(command);
        string[] before = _folder.Names();
        Stopwatch clock = Stopwatch.StartNew();
        FlowMeterBinary.Run(words).Succeeded();
        TimeSpan whole = clock.Elapsed;
        Dictionary<string, byte[]> expected = Made(before).ToDictionary(name => name, name => File.ReadAllBytes(_folder[name]));
        foreach (string name in expected.Keys)
        {
            File.Delete(_folder[name]);
        }

        for (int i = 0; i < 12; i++)
        {
            Launched process = FlowMeterBinary.Start(words);
            Thread.Sleep(whole * i / 12);
            try
            {
                process.Signal(i % 2 == 0 ? "TERM" : "HUP");
            }
            catch (Xunit.Sdk.TrueException)
            {
                // It has ended.
            }

            Finished ended = process.AwaitEnd();
            Assert.Contains(ended.ExitCode, new[] { 0, i % 2 == 0 ? 143 : 129 });
            string[] made = Made(before);
            Assert.Equal(ended.ExitCode == 0 ? expected.Keys.Order(StringComparer.Ordinal) : made, made);
            foreach (string name in made)
            {
                Assert.True(expected.ContainsKey(name), $"{name} is left");
                Assert.Equal(expected[name].Length, File.ReadAllBytes(_folder[name]).Length);
                File.Delete(_folder[name]);
            }
        }
    }

    [BinaryFact(Need.Script)]
    public void A_training_whose_terminal_goes_away_ends_and_leaves_nothing()
    {
        string[] words = Words(
            "train OFFICE --labels LABELS --folds 10 --transform bins:4 bins:8 bins:16 bins:32 log1p identity "
                + "--C 0.001 0.01 0.1 1 10 100 1000 --penalty l1 l2 -o DIR/m.json");
        Launched terminal = Launched.Start(
            "script", "-qec", $"echo $$ > {_folder["pid"]}; exec {FlowMeterBinary.Path} {string.Join(' ', words)}", "/dev/null");
        terminal.Await(() => terminal.OutputSoFar.Contains("grid points", StringComparison.Ordinal), "it began to fit");
        string process = "/proc/" + File.ReadAllText(_folder["pid"]).Trim();
        terminal.Signal("KILL");
        terminal.AwaitEnd();
        Assert.True(SpinWait.SpinUntil(() => !Directory.Exists(process), TimeSpan.FromSeconds(30)), "it went on without its terminal");
        Assert.Equal(["pid"], _folder.Names());
    }

    private static Launched WithBothOutputs(string[] words) =>
        Launched.Start("bash", ["-c", "exec \"$0\" \"$@\" 2>&1", FlowMeterBinary.Path!, .. words]);

    private static bool IsFlowMeter(int process) =>
        File.ReadAllText($"/proc/{process.ToString(System.Globalization.CultureInfo.InvariantCulture)}/comm").Trim() == "flowmeter";

    private static void Stop(Launched process, string signal, int exitCode)
    {
        Stopwatch clock = Stopwatch.StartNew();
        process.Signal(signal);
        process.AwaitEnd().EndedWith(exitCode);
        Assert.InRange(clock.Elapsed, TimeSpan.Zero, TimeSpan.FromSeconds(15));
    }

    private string[] Made(string[] before) => [.. _folder.Names().Except(before)];

    private string Table()
    {
        string table = _folder["flows.csv"];
        if (!File.Exists(table))
        {
            FlowMeterBinary.Run("read", Samples.Office, "-o", table, "-q").Succeeded();
        }

        return table;
    }

    private string[] Words(string command) => command.Replace("OFFICE", Samples.Office, StringComparison.Ordinal)
        .Replace("TABLE", _folder["flows.csv"], StringComparison.Ordinal)
        .Replace("LABELS", Samples.OfficeLabels, StringComparison.Ordinal)
        .Replace("DIR", _folder.Path, StringComparison.Ordinal).Split(' ');
}
