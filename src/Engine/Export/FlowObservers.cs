using FlowMeter.Engine.Anonymization;
using FlowMeter.Engine.Features;

namespace FlowMeter.Engine.Export;

/// <summary>Several observers of the same flows, as one.</summary>
/// <param name="observers">Those that there are; null ones are left out.</param>
public sealed class FlowObservers(params IEnumerable<IFlowObserver?> observers) : IFlowObserver
{
    private readonly IFlowObserver[] _observers = [.. observers.OfType<IFlowObserver>()];

    /// <inheritdoc/>
    IFlowSink IFlowObserver.Observe(IFlowSink sink, FeatureBlock features) => Around(sink, features, key: null);

    /// <summary>A sink around another, with addresses and names replaced for it and for all observers but those that need them.</summary>
    /// <param name="sink">The sink, which becomes the result's own.</param>
    /// <param name="features">Has the features of every block that the sink is given.</param>
    /// <param name="key">What they are replaced under; null: they stay.</param>
    internal IFlowSink Around(IFlowSink sink, FeatureBlock features, AnonymizationKey? key)
    {
        sink = Around(sink, features, _observers.Where(observer => !observer.SeesOriginals));
        sink = key == null ? sink : new AnonymizingSink(key, sink);
        return Around(sink, features, _observers.Where(observer => observer.SeesOriginals));
    }

    private static IFlowSink Around(IFlowSink sink, FeatureBlock features, IEnumerable<IFlowObserver> observers) =>
        observers.Aggregate(sink, (inner, observer) => observer.Observe(inner, features));
}
