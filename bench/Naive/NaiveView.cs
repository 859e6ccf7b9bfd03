namespace FlowMeter.Bench.Naive;

/// <summary>What a host did before a flow began, in each window.</summary>
internal sealed record NaiveView(
    double[] Flows, double[] Answered, double[] Long, double[] SameService, double[] SamePeer, int[] Peers, int[] Services, bool HasDns)
{
    /// <summary>The share of the flows that had no answer yet.</summary>
    public double Unanswered(int window) => Flows[window] < 1e-6 ? 0 : 1 - Math.Clamp(Answered[window] / Flows[window], 0, 1);

    /// <summary>The share of them that had fewer than six packets yet.</summary>
    public double Short(int window) => Flows[window] < 1e-6 ? 0 : 1 - Math.Clamp(Long[window] / Flows[window], 0, 1);

    /// <summary>The share of them that these are.</summary>
    public double Share(double[] part, int window) => Flows[window] < 1e-6 ? 0 : Math.Clamp(part[window] / Flows[window], 0, 1);
}
