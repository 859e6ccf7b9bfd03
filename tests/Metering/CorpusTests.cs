using System.Collections.Concurrent;
using FlowMeter.Engine.Capture;
using FlowMeter.Tests.Oracle;
using FlowMeter.Tests.Support;

namespace FlowMeter.Tests.Metering;

/// <summary>Every capture of the corpus through the engine: real traffic, and files made to break readers.</summary>
public sealed class CorpusTests
{
    [SharedFact]
    public void Every_capture_gives_the_references_flows() => AssertNoDifference(FlowsDifference);

    [SharedFact]
    public void Every_capture_gives_the_references_Deepfence_flows() => AssertNoDifference(DeepfenceDifference);

    [SharedTheory]
    [InlineData("extended")]
    [InlineData("full")]
    [InlineData("cic")]
    [InlineData("appflow")]
    public void Every_capture_gives_the_references_rows(string profile) => AssertNoDifference(bytes => RowsDifference(profile, bytes));

    private static string? RowsDifference(string profile, byte[] bytes)
    {
        EngineResult actual = new EngineMeter { Profile = profile }.Run(bytes);
        return actual.Totals is null
            ? null
            : ReferenceTables.FirstDifference(actual.Table, profile, ReferenceReader.Read(bytes).Frames);
    }

    [SharedFact]
    public void Flows_inside_tunnels_are_the_references() => AssertNoDifference(bytes =>
    {
        EngineResult actual = new EngineMeter { Decapsulate = true }.Run(bytes);
        return actual.Totals is null
            ? null
            : ReferenceAgreement.FirstDifference(
                actual, ReferenceMeter.Run(ReferenceReader.Read(bytes).Frames, new ReferenceMeterOptions { Decapsulate = true }));
    });

    private static void AssertNoDifference(Func<byte[], string?> differenceOf)
    {
        ConcurrentQueue<string> differences = [];

        // The largest first, so that no core ends up alone with one.
        Parallel.ForEach(SharedFolder.Captures().OrderByDescending(path => new FileInfo(path).Length), path =>
        {
            byte[] bytes = File.ReadAllBytes(path);
            if (differenceOf(bytes) is { } difference)
            {
                differences.Enqueue($"{Path.GetFileName(path)}: {difference}");
            }
        });

        Assert.True(differences.IsEmpty, string.Join("\n", differences.Order(StringComparer.Ordinal).Take(40)));
    }

    private static string? FlowsDifference(byte[] bytes)
    {
        ReferenceCapture capture = ReferenceReader.Read(bytes);
        EngineResult actual = new EngineMeter().Run(bytes);
        if (actual.Totals is null)
        {
            return capture.Frames.Count > 0 || capture.Ending == CaptureEnding.Complete ? actual.Damage!.Message : null;
        }

        CaptureEnding ending = actual.Damage is { Fault: CaptureFault.Incomplete } ? CaptureEnding.Torn
            : actual.Damage is not null ? CaptureEnding.Damaged
            : CaptureEnding.Complete;
        return ReferenceAgreement.FirstDifference(actual, ReferenceMeter.Run(capture.Frames))
            ?? (ending == capture.Ending ? null : $"{capture.Ending} expected, the engine says {ending}: {actual.Damage?.Message}");
    }

    /// <summary>Deviations of times finer than a microsecond may differ by one (SPEC §5).</summary>
    private static string? DeepfenceDifference(byte[] bytes)
    {
        EngineResult actual = new EngineMeter { Profile = "deepfence" }.Run(bytes);
        return actual.Totals is null
            ? null
            : RecordComparison.FirstDifference(
                actual.Table, ReferenceDeepfence.Run(ReferenceReader.Read(bytes).Frames), relative: 1e-9, absolute: 1000);
    }
}
