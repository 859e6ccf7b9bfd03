using FlowMeter.Tests.Support;

namespace FlowMeter.Tests.Oracle;

/// <summary>The reference's table of a capture, for each profile that has one with payloads.</summary>
internal static class ReferenceTables
{
    public static ReferenceTable Of(string profile, IEnumerable<Frame> frames, bool decapsulate = false) => profile switch
    {
        "extended" => ReferenceExtended.Table(ReferenceMeter.Run(frames, new ReferenceMeterOptions { Decapsulate = decapsulate }).Flows),
        "cic" => ReferenceCic.Table(ReferenceMeter.Run(frames, ReferenceCic.Rules with { Decapsulate = decapsulate }).Flows),
        "appflow" => ReferenceAppFlow.Run(frames),
        _ => throw new ArgumentException($"{profile} has a reference of its own", nameof(profile)),
    };
}
