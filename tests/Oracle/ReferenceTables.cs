using FlowMeter.Tests.Support;

namespace FlowMeter.Tests.Oracle;

/// <summary>The reference's table of a capture, for each profile that has one with payloads.</summary>
internal static class ReferenceTables
{
    public static ReferenceTable Of(string profile, IEnumerable<Frame> frames) => profile switch
    {
        "extended" => ReferenceExtended.Table(ReferenceMeter.Run(frames).Flows),
        "cic" => ReferenceCic.Table(ReferenceMeter.Run(frames, ReferenceCic.Rules).Flows),
        "appflow" => ReferenceAppFlow.Run(frames),
        _ => throw new ArgumentException($"{profile} has a reference of its own", nameof(profile)),
    };
}
