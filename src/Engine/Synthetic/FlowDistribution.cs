namespace FlowMeter.Engine.Synthetic;

/// <summary>How the packets of a synthetic capture spread over its concurrent flows.</summary>
public enum FlowDistribution
{
    /// <summary>Every flow is as likely as any other to send the next packet.</summary>
    Uniform,

    /// <summary>The flow of rank r sends the next packet with a probability proportional to r^-s: few heavy flows, a long tail.</summary>
    Zipf,
}
