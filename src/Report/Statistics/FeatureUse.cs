using FlowMeter.Engine.Features;
using FlowMeter.Engine.Scoring;
using FlowMeter.Learning.Data;

namespace FlowMeter.Report.Statistics;

/// <summary>
/// A feature of a model on some flows: how much it influences the score, and the distribution of its values in both classes; of several
/// columns, those of the first.
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
            .. model.Features.Where(feature => feature.Names.All(places.ContainsKey)).Select(feature =>
            {
                double[][] all = [.. feature.Names.Select(name => data.Columns[places[name]])];
                double[] values = all[0];
                Column? column = columns.GetValueOrDefault(feature.Names[0]);
                LogHistogram Spread(bool isPositive) => LogHistogram.FromValues(values.Where((_, row) => data.Positive[row] == isPositive));
                return new FeatureUse(
                    feature,
                    column?.Unit ?? "",
                    feature.Transform switch
                    {
                        Transform.Pairs => "what these two say together beyond what each says",
                        Transform.Hash => "n-grams of payload sizes by direction and power of two",
                        _ => column?.Meaning ?? "",
                    },
                    FeatureContribution.Influence(feature, all),
                    Spread(false),
                    Spread(true));
            }).OrderByDescending(use => use.Influence),
        ];
    }
}
