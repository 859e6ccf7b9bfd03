using FlowMeter.Learning.Data;


namespace FlowMeter.Learning.Evaluation;

/// <summary>Flows with what is true of them and what a model says.</summary>
/// <param name="Data">The flows.</param>
/// <param name="Scores">The model's probability of malicious of each.</param>
/// <param name="LeastPackets">Flows with fewer packets are undecided, which counts as suspicious: they are sent on.</param>
public sealed record ScoredFlows(DataSet Data, double[] Scores, int LeastPackets)
{
    /// <summary>Whether a flow is sent on to the deep inspector at this threshold.</summary>
    public bool IsSent(int flow, double threshold) => !(Scores[flow] < threshold) || (Data.HasVolumes && Data.Packets[flow] < LeastPackets);

    /// <summary>Some of the flows.</summary>
    public ScoredFlows Of(int[] flows) => new(Data.Of(flows), Array.ConvertAll(flows, flow => Scores[flow]), LeastPackets);
}
