namespace FlowMeter.Engine.Export;

/// <summary>Sees every flow of a metering process on its way to the sink.</summary>
public interface IFlowObserver
{
    /// <summary>
    /// A sink around one of the process's sinks, which becomes its own: one for each of the process's sinks, each for one thread at a time.
    /// </summary>
    internal IFlowSink Observe(IFlowSink sink);
}
