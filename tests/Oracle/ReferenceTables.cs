using FlowMeter.Tests.Support;

namespace FlowMeter.Tests.Oracle;

/// <summary>The reference's table of a capture, for each profile that has one with payloads.</summary>
internal static class ReferenceTables
{
    // What hosts did is kept in single precision and written with three decimals.
    private const double NeighboursTolerance = 0.00101;

    /// <summary>Where the meter's table of a capture first differs from the reference's; null where they agree.</summary>
    public static string? FirstDifference(CsvTable actual, string profile, IEnumerable<Frame> frames, bool decapsulate = false)
    {
        ReferenceTable expected = Of(profile, frames, decapsulate);
        bool IsNeighbours(string column) => profile == "full" && ReferenceNeighbours.Columns.Contains(column);
        return RecordComparison.FirstDifference(actual, expected.With(column => !IsNeighbours(column)))
            ?? (expected.Rows.Count > ReferenceNeighbours.MaxFlows
                ? null
                : RecordComparison.FirstDifference(actual, expected.With(IsNeighbours), relative: 1e-5, NeighboursTolerance));
    }

    public static ReferenceTable Of(string profile, IEnumerable<Frame> frames, bool decapsulate = false) => profile switch
    {
        "extended" => ReferenceExtended.Table(ReferenceMeter.Run(frames, new ReferenceMeterOptions { Decapsulate = decapsulate }).Flows),
        "full" => ReferenceFull.Table(ReferenceMeter.Run(frames, new ReferenceMeterOptions { Decapsulate = decapsulate }).Flows),
        "cic" => ReferenceCic.Table(ReferenceMeter.Run(frames, ReferenceCic.Rules with { Decapsulate = decapsulate }).Flows),
        "appflow" => ReferenceAppFlow.Run(frames),
        _ => throw new ArgumentException($"{profile} has a reference of its own", nameof(profile)),
    };
}
