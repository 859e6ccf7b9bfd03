namespace FlowMeter.Engine.Export;

/// <summary>Several observers of the same flows, as one.</summary>
/// <param name="observers">Those that there are; null ones are left out.</param>
public sealed class FlowObservers(params IEnumerable<IFlowObserver?> observers) : IFlowObserver
{
    private readonly IFlowObserver[] _observers = [.. observers.OfType<IFlowObserver>()];

    /// <inheritdoc/>
    IFlowSink IFlowObserver.Observe(IFlowSink sink) => _observers.Aggregate(sink, (inner, observer) => observer.Observe(inner));
}
