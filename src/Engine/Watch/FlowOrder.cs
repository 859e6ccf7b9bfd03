namespace FlowMeter.Engine.Watch;

/// <summary>What a list of flows is sorted by.</summary>
public enum FlowOrder
{
    /// <summary>When they came.</summary>
    Time,

    /// <summary>The address of the forward end.</summary>
    Source,

    /// <summary>The address of the other end, then its port.</summary>
    Destination,

    /// <summary>Packets.</summary>
    Packets,

    /// <summary>Bytes.</summary>
    Bytes,

    /// <summary>From the first packet to the newest.</summary>
    Duration,

    /// <summary>The score.</summary>
    Score,
}
