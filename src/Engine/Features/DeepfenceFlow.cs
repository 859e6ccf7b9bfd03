namespace FlowMeter.Engine.Features;

/// <summary>What profile <c>deepfence</c> knows of an ended flow, of its first 83 packets.</summary>
internal struct DeepfenceFlow
{
    /// <summary>Time of the last packet less time of the first, ns.</summary>
    public double Duration;

    /// <summary>Packets from the first packet's sender.</summary>
    public DeepfenceDirection Forward;

    /// <summary>Packets to it.</summary>
    public DeepfenceDirection Backward;

    /// <summary>All of them.</summary>
    public DeepfenceDirection Both;
}
