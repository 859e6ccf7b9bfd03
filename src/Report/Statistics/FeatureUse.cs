using FlowMeter.Engine.Features;
using FlowMeter.Engine.Scoring;
using FlowMeter.Learning.Data;

namespace FlowMeter.Report.Statistics;

/// <summary>A feature of a model on some flows: how far it moves the score, and how both classes are spread over it.</summary>
/// <param name="Feature">The feature with its weights.</param>
/// <param name="Unit">The unit of its values; empty where nobody knows.</param>
/// <param name="Meaning">What it is; empty where nobody knows.</param>
/// <param name="Influence">The standard deviation of its share of the log-odds.</param>
/// <param name="Benign">Values of benign flows.</param>
/// <param name="Malicious">Values of malicious flows.</param>
internal sealed record FeatureUse(ModelFeature Feature, string Unit, string Meaning, double Influence, LogHistogram Benign, LogHistogram Malicious)
{
    /// <summary>The features of a model, the one that moves most first.</summary>
    public static IReadOnlyList<FeatureUse> Of(Model model, DataSet data)
    {
        Dictionary<string, Column> columns = Profile.Find(model.Profile)?.Features.ToDictionary(column => column.Name) ?? [];
        Dictionary<string, int> places = data.Features.Index().ToDictionary(feature => feature.Item, feature => feature.Index);
        return
        [
            .. model.Features.Where(feature => places.ContainsKey(feature.Name)).Select(feature =>
            {
                double[] values = data.Columns[places[feature.Name]];
                Column? column = columns.GetValueOrDefault(feature.Name);
                LogHistogram Spread(bool isPositive) => LogHistogram.Of(values.Where((_, row) => data.Positive[row] == isPositive));
                return new FeatureUse(feature, column?.Unit ?? "", column?.Meaning ?? "", FeatureShare.Influence(feature, values), Spread(false), Spread(true));
            }).OrderByDescending(use => use.Influence),
        ];
    }
}
