using FlowMeter.Tests.Rules;

namespace FlowMeter.Tests.EndToEnd;

/// <summary>The first seconds of scripts/chaos, which accounts for every packet while things go wrong.</summary>
[Trait("Category", "EndToEnd")]
public sealed class ChaosTests
{
    // Of many this seed has many kinds of faults in two short lives, the first of which ends by SIGKILL.
    private const string Seed = "116121";

    [BinaryFact(Need.Network | Need.Mount | Need.Compiler | Need.Python)]
    public void Kills_and_faults_cost_no_row_and_no_packet_that_is_not_counted()
    {
        Finished finished = Launched.Start(
            "env", "FLOWMETER_BINARY=" + FlowMeterBinary.Path, Path.Join(SourceTree.Root, "scripts/chaos"), "0.25", Seed).Finish();
        Assert.True(finished.ExitCode == 0, finished.Output + finished.Errors);
        Assert.Contains($"PASSED: seed {Seed}: ", finished.Output, StringComparison.Ordinal);
        Assert.Contains(" ends: SIGKILL, exit code -9", finished.Output, StringComparison.Ordinal);
    }
}
