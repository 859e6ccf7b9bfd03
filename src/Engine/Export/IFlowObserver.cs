using FlowMeter.Engine.Features;

namespace FlowMeter.Engine.Export;

/// <summary>Sees every flow of a metering process on its way to the sink.</summary>
public interface IFlowObserver
{
    /// <summary>
    /// A sink around one of the process's sinks, which becomes its own: one for each of the process's sinks, each for one thread at a time.
    /// </summary>
    /// <param name="sink">The sink that is observed.</param>
    /// <param name="features">Has the features of every block that the sink is given.</param>
    internal IFlowSink Observe(IFlowSink sink, FeatureBlock features);

    /// <summary>Whether it needs addresses as they are, where they are replaced for all that is written.</summary>
    internal bool SeesOriginals => false;
}
