using FlowMeter.Engine.Decode;
using FlowMeter.Engine.Flow;
using FlowMeter.Engine.Metering;
using FlowMeter.Tests.Oracle;
using FlowMeter.Tests.Support;

namespace FlowMeter.Tests.Metering;

/// <summary>Compares a run of the engine with one of the reference: every row, and every count that both keep.</summary>
internal static class ReferenceAgreement
{
    private static readonly (FlowEndReason Reason, string Name)[] s_reasons =
    [
        (FlowEndReason.IdleTimeout, "idle"),
        (FlowEndReason.ActiveTimeout, "active"),
        (FlowEndReason.EndOfFlowDetected, "end"),
        (FlowEndReason.ForcedEnd, "forced"),
        (FlowEndReason.LackOfResources, "resources"),
    ];

    /// <summary>Null where the two agree, or the first thing in which they do not.</summary>
    public static string? FirstDifference(EngineResult actual, ReferenceResult expected)
    {
        MeteringTotals totals = actual.Totals!;
        List<string> counts = [];
        foreach (DecodeResult result in Enum.GetValues<DecodeResult>())
        {
            Count($"{result} frames", expected[Enum.Parse<ReferenceOutcome>(result.ToString(), ignoreCase: true)], totals.Frames[result]);
        }

        foreach ((FlowEndReason reason, string name) in s_reasons)
        {
            Count($"flows ended by {name}", expected.Records.Count(record => record.EndReason == name), totals.FlowsByReason(reason));
        }

        Count("flows", expected.Records.Count, totals.Flows);
        Count("packets out of order", expected.OutOfOrder, totals.OutOfOrder);
        Count("clock jumps", expected.ClockJumps, totals.ClockJumps);
        return counts.Count > 0
            ? string.Join("; ", counts)
            : RecordComparison.FirstDifference(actual.Table, expected.Records);

        void Count(string what, long want, long have)
        {
            if (want != have)
            {
                counts.Add($"{want} {what} expected, the engine has {have}");
            }
        }
    }
}
