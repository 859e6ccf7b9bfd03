using FlowMeter.Engine.Decode;
using FlowMeter.Engine.Export;
using FlowMeter.Engine.Flow;
using FlowMeter.Engine.Observe;

namespace FlowMeter.Engine.Metering;

/// <summary>What to meter and how; fixed for a run.</summary>
public sealed record MeteringOptions
{
    /// <summary>What begins and ends a flow.</summary>
    public FlowRules Rules { get; init; } = new();

    /// <summary>Networks whose side is forward.</summary>
    public LocalNets LocalNets { get; init; } = new([]);

    /// <summary>The ports of the tunnels that are metered by the packet inside; null where all are metered by their outer header, GRE and its like included.</summary>
    public TunnelPorts? Tunnels { get; init; }

    /// <summary>Flows with fewer packets do not come out.</summary>
    public long LeastPackets { get; init; } = 1;

    /// <summary>What <see cref="MaximumFlows"/> can be at most.</summary>
    public const long MostFlows = FlowTable.MostFlows;

    /// <summary>
    /// Packets after which a flow is decided, at least 1; null for all. With a model it is judged there, and its row is that of the whole flow; without one its features are those of its first so
    /// many packets. What begins and ends it is as ever. Not for profiles that keep histories.
    /// </summary>
    public long? DecideAfter { get; init; }

    /// <summary>What <see cref="Workers"/> can be at most.</summary>
    public const int MostWorkers = 256;

    /// <summary>Live flows at most, all workers together; at the bound the longest idle one leaves.</summary>
    public long MaximumFlows { get; init; } = 1 << 20;

    /// <summary>Bytes that the histories of packets may take up, all workers together; a flow that can not grow any more leaves. Only for profiles that keep histories.</summary>
    public long MaximumHistory { get; init; } = 1 << 28;

    /// <summary>
    /// Live flows of a worker from which on idle ones are swept out. 0 where flows should come out in time (a pipe, a live interface); for files a bound on memory is all that is needed,
    /// and not sweeping small tables keeps flows whole even where frames are more than 10 s out of order.
    /// </summary>
    public long SweepFrom { get; init; } = 1 << 16;

    /// <summary>What stands in the label's column of every row; null for none, and for the profile's own where it has such a column.</summary>
    public string? Label { get; init; }

    /// <summary>Whether every row has its flow's Community ID.</summary>
    public bool HasCommunityId { get; init; }

    /// <summary>Where all flows are noted with their verdicts; null for nowhere. Stays the caller's.</summary>
    public FlowJournal? Journal { get; init; }

    /// <summary>Where the frames of a live capture go by the verdicts on their flows; null for nowhere. Takes a decision point, a model, and a handle for each worker. Stays the caller's.</summary>
    public FrameRouting? Routing { get; init; }

    /// <summary>How much longer than its timeout an idle flow waits to be swept out, nanoseconds: how late a frame may come behind newer ones of other flows.</summary>
    public long SweepSlack { get; init; } = 10 * CaptureTime.Second;

    /// <summary>Worker threads; flows are spread over them by their hash.</summary>
    public int Workers { get; init; } = 1;

    /// <summary>
    /// Places at which packets are observed, each with an equal part of the workers, who share its flows by hash. 1 for files. Where the kernel shares an interface's packets between several
    /// handles each of them is one, with one worker.
    /// </summary>
    public int ObservationPoints { get; init; } = 1;

    /// <summary>Whether rows are written as soon as nothing else is to be done, rather than in large pieces.</summary>
    public bool IsTimely { get; init; }

    /// <summary>Whether packets do not wait: then a sink that is too slow loses flows, which are counted, rather than have a worker wait.</summary>
    public bool IsLive { get; init; }
}
