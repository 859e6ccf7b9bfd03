using FlowMeter.Engine.Scoring;
using FlowMeter.Learning.Data;

namespace FlowMeter.Learning.Training;

/// <summary>The malicious flows of a training as the bins of a model, and back.</summary>
internal static class KeptMalicious
{
    /// <summary>The malicious ones among some rows; flows of one capture are a group.</summary>
    /// <exception cref="DataException">The model has features that are not binned, or there are too many flows.</exception>
    public static MaliciousFlows From(Model model, DataSet data, int[] rows)
    {
        if (model.Features.FirstOrDefault(feature => feature.Transform != Transform.Bins) is { } other)
        {
            throw new DataException($"--keep-malicious: only bins are kept, and {other.Name} has none; train with --transform bins:N.");
        }

        int[] malicious = [.. rows.Where(row => data.Positive[row])];
        if (malicious.Length > MaliciousFlows.MaxFlows)
        {
            throw new DataException($"--keep-malicious: {malicious.Length} malicious flows are more than the {MaliciousFlows.MaxFlows} "
                + "that "
                    + "a model can keep; lower --flows-per-capture.");
        }

        Dictionary<string, int> columnOf = data.Features.Index().ToDictionary(feature => feature.Item, feature => feature.Index);
        int[] captures = [.. malicious.Select(row => data.Capture[row]).Distinct()];
        return new MaliciousFlows(
            [.. model.Features.Select(feature => Array.ConvertAll(
                malicious, row => (byte)QuantileBins.BinOf(feature.Edges.AsSpan(), data.Columns[columnOf[feature.Name]][row])))],
            Array.ConvertAll(malicious, row => (ushort)Array.IndexOf(captures, data.Capture[row])));
    }

    /// <summary>A value of a bin: its lower edge, or one below the first edge.</summary>
    public static double ValueOf(ModelFeature feature, byte bin) =>
        bin > 0 ? feature.Edges[bin - 1] : feature.Edges.IsEmpty ? 0 : Math.BitDecrement(feature.Edges[0]);
}
