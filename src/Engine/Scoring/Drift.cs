namespace FlowMeter.Engine.Scoring;

/// <summary>
/// How far the flows of a run are from those that the model was trained with, by the population stability index: over groups of bins the
/// sum of (q − p) · ln(q / p), where p is the share of the training flows in a group and q that of the run's. Below 0.1 it is small;
/// from <see cref="Large"/> on the model judges traffic that it does not know.
/// </summary>
/// <param name="Flows">Flows of the run that were counted.</param>
/// <param name="Overall">The mean of the features' indices, each weighed by how much the feature moves the log-odds.</param>
/// <param name="Features">The index of each feature, the largest first.</param>
public sealed record Drift(long Flows, double Overall, IReadOnlyList<(string Name, double Index)> Features)
{
    /// <summary>The usual bound from which on a population is another one.</summary>
    public const double Large = 0.25;

    // A group that the training had hardly any flow in must not make the index infinite.
    private const double LeastShare = 1e-4;

    /// <summary>Whether the model judges traffic that it does not know.</summary>
    public bool IsLarge => Overall >= Large;

    /// <summary>The sum over threads; null where fewer than 500 flows were counted.</summary>
    internal static Drift? From(IReadOnlyList<DriftCounter> counters)
    {
        long flows = counters.Sum(counter => counter.Total);
        if (flows < DriftGroups.MinFlows)
        {
            return null;
        }

        IReadOnlyList<DriftGroups.Feature> features = counters[0].Groups.Features;
        double[] indices = [.. features.Select((feature, f) => Index(feature, counters, f))];
        double influence = features.Sum(feature => feature.Influence);
        return new Drift(
            flows,
            influence > 0 ? features.Zip(indices).Sum(each => each.First.Influence * each.Second) / influence : indices.Average(),
            [.. features.Zip(indices).Select(each => (each.First.Name, each.Second)).OrderByDescending(each => each.Second)]);
    }

    private static double Index(DriftGroups.Feature feature, IReadOnlyList<DriftCounter> counters, int number)
    {
        double[] counts = [.. feature.Shares.Select((_, group) => 0.5 + counters.Sum(counter => (double)counter[number, group]))];
        double all = counts.Sum();
        double index = 0;
        for (int group = 0; group < counts.Length; group++)
        {
            double p = Math.Max(feature.Shares[group], LeastShare);
            double q = counts[group] / all;
            index += (q - p) * Math.Log(q / p);
        }

        return index;
    }
}
