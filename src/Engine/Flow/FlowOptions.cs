using FlowMeter.Engine.Capture;
using FlowMeter.Engine.Decode;

namespace FlowMeter.Engine.Flow;

/// <summary>Which packets make up a flow, and how many flows there may be; fixed for a run.</summary>
public sealed record FlowOptions
{
    /// <summary>What <see cref="MaxFlows"/> can be at most.</summary>
    public const long MaxFlowsLimit = FlowTable.MaxFlows;

    /// <summary>What begins and ends a flow.</summary>
    public FlowRules Rules { get; init; } = new();

    /// <summary>Networks whose side is forward.</summary>
    public LocalNets LocalNets { get; init; } = new([]);

    /// <summary>
    /// The ports of the tunnels that are metered by the packet inside; null where all are metered by their outer header, GRE and its like
    /// included.
    /// </summary>
    public TunnelPorts? Tunnels { get; init; }

    /// <summary>Flows with fewer packets do not come out.</summary>
    public long MinPackets { get; init; } = 1;

    /// <summary>
    /// Packets after which a flow is decided, at least 1; null for all. With a model it is scored there, and its row is that of the whole
    /// flow; without one its features are those of its first so many packets. What begins and ends it is as ever. Not for profiles that
    /// keep histories.
    /// </summary>
    public long? DecideAfter { get; init; }

    /// <summary>Live flows at most, all workers together; at the bound the longest idle one leaves.</summary>
    public long MaxFlows { get; init; } = 1 << 20;

    /// <summary>
    /// Bytes that the histories of packets may take up, all workers together; a flow that can not grow any more leaves. Only for profiles
    /// that keep histories.
    /// </summary>
    public long MaxHistory { get; init; } = 1 << 28;

    /// <summary>Bytes that the names of flows may take up, all workers together; a flow that finds no room has none.</summary>
    public long MaxNames { get; init; } = 1 << 26;

    /// <summary>
    /// Live flows of a worker from which on idle ones are swept out. 0 where flows should come out in time (a pipe); for files a bound on
    /// memory is all that is needed, and not sweeping small tables keeps flows whole even where frames are more than 10 s out of order.
    /// </summary>
    public long SweepFrom { get; init; } = 1 << 16;

    /// <summary>
    /// How much longer than its timeout an idle flow waits to be swept out, nanoseconds: how late a frame may come behind newer ones of
    /// other flows.
    /// </summary>
    public long SweepSlack { get; init; } = 10 * CaptureTime.Second;
}
