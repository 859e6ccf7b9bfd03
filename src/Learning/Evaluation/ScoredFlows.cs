using FlowMeter.Engine.Scoring;
using FlowMeter.Learning.Data;


namespace FlowMeter.Learning.Evaluation;

/// <summary>Flows with their labels and the scores that a model gives them.</summary>
/// <param name="Data">The flows with their labels.</param>
/// <param name="Scores">The probability of malicious of each flow, from 0 to 1; as long as the data set.</param>
/// <param name="MinPackets">Flows with fewer packets are undecided, so they are inspected.</param>
public sealed record ScoredFlows(DataSet Data, double[] Scores, int MinPackets)
{
    /// <summary>Scores rows of a data set with the kernels that score live flows.</summary>
    /// <param name="model">The model; the data set has all of its features.</param>
    /// <param name="data">The flows.</param>
    /// <param name="rows">The rows to score; null for all.</param>
    /// <returns>A score for each row, in the order given.</returns>
    public static double[] Score(Model model, DataSet data, int[]? rows = null)
    {
        Dictionary<string, int> columnOf = data.Features.Index().ToDictionary(feature => feature.Item, feature => feature.Index);
        double[][] columns = [.. model.Columns.Select(name => data.Columns[columnOf[name]])];
        return rows == null
            ? RowScorer.Score(model, columns, data.Count)
            : RowScorer.Score(model, [.. columns.Select(column => Array.ConvertAll(rows, row => column[row]))], rows.Length);
    }

    /// <summary>
    /// The thresholds of each flow, malicious from and benign below, where they were chosen without the flow; null: all are judged by the
    /// same.
    /// </summary>
    public (double Malicious, double BenignBelow)[]? Thresholds { get; init; }

    /// <summary>Whether a flow goes to the deep inspector, at this threshold or at its own: it is malicious or undecided.</summary>
    /// <param name="flow">The number of the flow.</param>
    /// <param name="benignBelow">Flows of fewer packets aside, benign below this score.</param>
    public bool IsInspected(int flow, double benignBelow) =>
        !(Scores[flow] < (Thresholds?[flow].BenignBelow ?? benignBelow)) || HasTooFewPackets(flow);

    /// <summary>Whether a flow is malicious, at this threshold or at its own, not benign or undecided.</summary>
    public bool IsMalicious(int flow, double threshold) =>
        Scores[flow] >= (Thresholds?[flow].Malicious ?? threshold) && !HasTooFewPackets(flow);

    /// <summary>Some of the flows, in the given order; copies the values.</summary>
    public ScoredFlows WithRows(int[] flows) => new(Data.WithRows(flows), Array.ConvertAll(flows, flow => Scores[flow]), MinPackets)
    {
        Thresholds = Thresholds == null ? null : Array.ConvertAll(flows, flow => Thresholds[flow]),
    };

    private bool HasTooFewPackets(int flow) => Data.HasVolumes && Data.Packets[flow] < MinPackets;
}
