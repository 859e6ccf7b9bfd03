using FlowMeter.Engine.Export;
using FlowMeter.Engine.Flow;

namespace FlowMeter.Engine.Metering;

/// <summary>What to meter and how; fixed for a run.</summary>
public sealed record MeteringOptions
{
    /// <summary>What <see cref="Workers"/> can be at most.</summary>
    public const int MaxWorkers = 256;

    /// <summary>Which packets make up a flow, and how many flows there may be.</summary>
    public FlowOptions Flow { get; init; } = new();

    /// <summary>What a row has beside its profile's columns.</summary>
    public ExportOptions Export { get; init; } = new();

    /// <summary>Where packets come from.</summary>
    public MeteringMode Mode { get; init; }

    /// <summary>Worker threads; flows are spread over them by their hash.</summary>
    public int Workers { get; init; } = 1;

    /// <summary>
    /// Whether rows come in the order in which their flows end, of each worker: it waits for its exporter then, and never exports itself.
    /// </summary>
    public bool KeepsOrder { get; init; }

    /// <summary>
    /// Tells how long rows have waited for others, for formats that want many together; null: none wait. From files all wait as long as
    /// there is room.
    /// </summary>
    public TimeProvider? Clock { get; init; }

    /// <summary>
    /// Places at which packets are observed, each with an equal part of the workers, who share its flows by hash. 1 for files. Where the
    /// kernel shares an interface's packets between several handles each of them is one, with one worker.
    /// </summary>
    public int ObservationPoints { get; init; } = 1;

    /// <summary>Whether the caller has workers and exporters take steps, so that no thread exports.</summary>
    internal bool IsStepped { get; init; }

    /// <summary>Blocks of ended flows that may wait for a slow output in a live capture, of each worker.</summary>
    internal int MaxWaitingBlocks { get; init; } = Exporter.MaxWaitingLive;

    /// <summary>The seed of the hash's key, for runs that can be repeated; null for a key that nobody knows.</summary>
    internal int? HashSeed { get; init; }
}
