namespace FlowMeter.Engine.Scoring;

/// <summary>
/// The bins of a model's features in groups for the measure of drift: neighbouring bins are joined until they hold a tenth of the training
/// flows, since an index over many small bins measures noise. Immutable, so threads may share it.
/// </summary>
internal sealed class DriftGroups
{
    private const double ShareOfGroup = 0.1;

    /// <summary>Flows that a report takes at least: below, the index measures noise.</summary>
    public const long MinFlows = 500;

    private DriftGroups(IReadOnlyList<Feature> features, int minPackets)
    {
        Features = features;
        MinPackets = minPackets;
    }

    /// <summary>The features that have shares and more than one group.</summary>
    public IReadOnlyList<Feature> Features { get; }

    /// <summary>Flows with fewer packets are not counted: the training had none of them.</summary>
    public int MinPackets { get; }

    /// <summary>The groups of a model; null where it has no shares.</summary>
    /// <param name="model">The model.</param>
    /// <param name="featureNames">The features in the order of the columns of a block.</param>
    public static DriftGroups? From(Model model, IReadOnlyList<string> featureNames)
    {
        Dictionary<string, int> columnOf = featureNames.Index().ToDictionary(column => column.Item, column => column.Index);
        Feature[] features = [.. model.Features.Where(feature => !feature.Shares.IsEmpty)
            .Select(feature => Join(feature, columnOf[feature.Name])).Where(feature => feature.Edges.Length > 0)];
        return features.Length == 0 ? null : new DriftGroups(features, model.MinPackets);
    }

    private static Feature Join(ModelFeature feature, int column)
    {
        List<double> edges = [];
        List<double> shares = [];
        double sum = 0;
        for (int bin = 0; bin < feature.Shares.Length; bin++)
        {
            sum += feature.Shares[bin];
            if (bin < feature.Edges.Length && sum >= ShareOfGroup)
            {
                edges.Add(feature.Edges[bin]);
                shares.Add(sum);
                sum = 0;
            }
        }

        shares.Add(sum);
        double mean = feature.MeanShare;
        double variance = feature.Weights.Zip(feature.Shares).Sum(bin => bin.Second * (bin.First - mean) * (bin.First - mean));
        return new Feature(feature.Name, column, [.. edges], [.. shares], Math.Sqrt(variance));
    }

    /// <summary>A feature with its groups.</summary>
    /// <param name="Name">Its name.</param>
    /// <param name="Column">Its column of a block.</param>
    /// <param name="Edges">Where groups end, ascending.</param>
    /// <param name="Shares">The share of the training flows in each group, one more than edges.</param>
    /// <param name="Influence">The standard deviation of what it adds to the log-odds of the training flows.</param>
    public sealed record Feature(string Name, int Column, double[] Edges, double[] Shares, double Influence);
}
