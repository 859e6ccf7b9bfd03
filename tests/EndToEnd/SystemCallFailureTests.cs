using System.Globalization;
using System.Text.RegularExpressions;

namespace FlowMeter.Tests.EndToEnd;

/// <summary>
/// A part of what scripts/inject does in full: system calls of short runs fail once or take three seconds, and no room is there for memory.
/// Whatever fails, the run ends in order: a line that says what, no torn row, every frame and row accounted for, and under a final name
/// either the whole file or the one before.
/// </summary>
[Trait("Category", "EndToEnd")]
public sealed partial class SystemCallFailureTests
{
    [BinaryTheory(Need.Strace | Need.Python | Need.Zstandard)]
    [InlineData(100, "read", "score", "report")]
    [InlineData(30, "read-many", "read-split", "read-pipe", "read-fifo", "read-link", "generate", "model")]
    [InlineData(30, "train", "evaluate", "tune")]
    public void A_run_ends_in_order_whatever_call_fails(int runs, params string[] scenarios) => Inject(runs, scenarios);

    [BinaryTheory(Need.Strace | Need.Python | Need.Network)]
    [InlineData(40, "capture", "capture-split", "capture-fifo")]
    public void A_capture_goes_on_or_ends_in_order_whatever_call_fails(int runs, params string[] scenarios) => Inject(runs, scenarios);

    private static void Inject(int runs, string[] scenarios)
    {
        Finished finished = Launched.Start(
            "python3",
            [
                Path.Combine(Samples.Repository, "scripts", "inject.py"), "--minutes", "0.4", "--runs",
                runs.ToString(CultureInfo.InvariantCulture), FlowMeterBinary.Path!, Path.Combine(Samples.Repository, "samples"),
                .. scenarios,
            ]).Finish();
        Assert.True(finished.ExitCode == 0, finished.Output + finished.Errors);
        Match counted = Counts().Match(finished.Output);
        Assert.True(int.Parse(counted.Groups[1].Value, CultureInfo.InvariantCulture) >= scenarios.Length, finished.Output);
    }

    [GeneratedRegex(@"^(\d+) runs of \d+, \d+ calls, ", RegexOptions.Multiline)]
    private static partial Regex Counts();
}
