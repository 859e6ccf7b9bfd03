using FlowMeter.Engine.Hosts;
using FlowMeter.Engine.Names;

namespace FlowMeter.Engine.Flow;

/// <summary>What a profile keeps of a flow beyond the columns that all have: decided once, when a metering process is set up.</summary>
/// <param name="ProfileStateBytes">Bytes of a flow in the profile's own column, a multiple of a cache line; 0 for none.</param>
/// <param name="Histories">Where the histories of packets are; null where the profile keeps none.</param>
/// <param name="Hosts">What hosts did lately; null where the profile does not ask.</param>
/// <param name="Judge">Judges the sources of flows that end; null where the profile does not ask, or nothing is judged.</param>
/// <param name="Explained">Features that explain a score at the decision point of a flow; 0 for none.</param>
/// <param name="AnnotationBytes">
/// Bytes of a flow in the column of annotations (<see cref="Annotated{TAccounting, TNaming}"/>); 0 for none.
/// </param>
/// <param name="Names">Where the names of flows are; null where none are asked for.</param>
/// <param name="HostNames">What hosts are called; null where no names are asked for.</param>
internal sealed record FlowLayout(
    int ProfileStateBytes, HistoryArena? Histories = null, HostLedger? Hosts = null, HostJudge? Judge = null, int Explained = 0,
    int AnnotationBytes = 0, NameArena? Names = null, HostNames? HostNames = null)
    : IDisposable
{
    /// <summary>The common columns alone.</summary>
    public static FlowLayout Common { get; } = new(0, null);

    /// <inheritdoc/>
    public void Dispose()
    {
        Histories?.Dispose();
        Hosts?.Dispose();
        Judge?.Dispose();
        Names?.Dispose();
        HostNames?.Dispose();
    }
}
