namespace FlowMeter.Engine.Flow;

/// <summary>Where the frames of a live capture go by the verdicts on their flows.</summary>
public interface IFrameRouting
{
    /// <summary>What keeps the frames of one more worker, who owns it. Not while other workers run.</summary>
    internal IFrameRetention CreateRetention();
}
