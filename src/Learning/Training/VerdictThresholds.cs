using FlowMeter.Engine.Scoring;
using FlowMeter.Learning.Data;
using FlowMeter.Learning.Evaluation;

namespace FlowMeter.Learning.Training;

/// <summary>The thresholds of a model, chosen on the scores of flows that the scoring model was not trained with.</summary>
/// <param name="Malicious">Malicious from this score on.</param>
/// <param name="BenignBelow">Benign below this score, at most <paramref name="Malicious"/>.</param>
/// <param name="Rule">How they were chosen, for reports.</param>
internal sealed record VerdictThresholds(double Malicious, double BenignBelow, string Rule)
{
    /// <summary>How the benign ones among scored flows score.</summary>
    public static BenignScores BenignOf(ScoredFlows flows)
    {
        DataSet data = flows.Data;
        int[] benign = [.. data.AllRows().Where(row => !data.Positive[row])];
        return BenignScores.From(
            Array.ConvertAll(benign, row => flows.Scores[row]),
            data.HasVolumes ? Array.ConvertAll(benign, row => data.Bytes[row]) : null,
            data.BenignFlowsADay);
    }

    /// <summary>Chooses them by the rules of the options.</summary>
    /// <exception cref="DataException">What the budget counts is not known of these flows.</exception>
    public static VerdictThresholds Choose(TrainingOptions options, ScoredFlows flows, BenignScores benign)
    {
        double malicious = options.Budget is Budget budget ? OfBudget(budget, benign)
            : options.Threshold.Choose(flows.Scores, flows.Data.Positive);
        string rule = options.Budget?.ToString() ?? options.Threshold.ToString();
        if (options.TargetFalseNegativeRate is not double missed)
        {
            return new VerdictThresholds(malicious, malicious, rule);
        }

        double below = new ThresholdRule(1 - missed, null).Choose(flows.Scores, flows.Data.Positive);
        return new VerdictThresholds(malicious, Math.Min(below, malicious), FormattableString.Invariant(
            $"{rule}, benign where {missed} or less of the malicious are"));
    }

    /// <summary>The threshold that keeps a budget.</summary>
    /// <exception cref="DataException">What the budget counts is not known of the flows.</exception>
    public static double OfBudget(Budget budget, BenignScores benign) => benign.ThresholdOf(budget)
        ?? throw new DataException(budget.Unit == BudgetUnit.Bytes
            ? "--budget: the bytes of the benign flows are not known; give a share of flows."
            : "--budget: how many benign flows there are in a day is not known: they have no times, or span less than an hour; give a "
                + "share of flows.");
}
