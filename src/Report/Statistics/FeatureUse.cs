using FlowMeter.Engine.Features;
using FlowMeter.Engine.Scoring;
using FlowMeter.Learning.Data;

namespace FlowMeter.Report.Statistics;

/// <summary>
/// A feature of a model on some flows: how much it influences the score, and the distribution of its values in both classes.
/// </summary>
/// <param name="Feature">The feature with its weights.</param>
/// <param name="Unit">The unit of its values; empty if unknown.</param>
/// <param name="Meaning">A description; empty if unknown.</param>
/// <param name="Influence">The standard deviation of its contribution to the log-odds.</param>
/// <param name="Benign">Values of benign flows.</param>
/// <param name="Malicious">Values of malicious flows.</param>
internal sealed record FeatureUse(
    ModelFeature Feature, string Unit, string Meaning, double Influence, LogHistogram Benign, LogHistogram Malicious)
{
    /// <summary>The features of a model that the data set has, the most influential first.</summary>
    public static IReadOnlyList<FeatureUse> FromModel(Model model, DataSet data)
    {
        Dictionary<string, Column> columns = Profile.Find(model.Profile)?.Features.ToDictionary(column => column.Name) ?? [];
        Dictionary<string, int> places = data.Features.Index().ToDictionary(feature => feature.Item, feature => feature.Index);
        return
        [
            .. model.Features.Where(feature => places.ContainsKey(feature.Name)).Select(feature =>
            {
                double[] values = data.Columns[places[feature.Name]];
                Column? column = columns.GetValueOrDefault(feature.Name);
                LogHistogram Spread(bool isPositive) => LogHistogram.FromValues(values.Where((_, row) => data.Positive[row] == isPositive));
                return new FeatureUse(
                    feature,
                    column?.Unit ?? "",
                    column?.Meaning ?? "",
                    FeatureContribution.Influence(feature, values),
                    Spread(false),
                    Spread(true));
            }).OrderByDescending(use => use.Influence),
        ];
    }
}
