using FlowMeter.Engine.Scoring;
using FlowMeter.Learning.Data;

namespace FlowMeter.Learning.Training;

/// <summary>The malicious flows of a training as the bins of a model, and back.</summary>
internal static class KeptMalicious
{
    /// <summary>The malicious ones among some rows; flows of captures that share a flow are a group.</summary>
    /// <exception cref="DataException">The model has features that are not binned, or there are too many flows.</exception>
    public static MaliciousFlows From(Model model, DataSet data, int[] rows)
    {
        IReadOnlyList<KeptColumn> columns = KeptColumn.Of(model.Features) ?? throw new DataException("--keep-malicious: bins are kept, and "
            + $"{model.Features.First(feature => feature.Transform is Transform.Identity or Transform.Log1P).Name} has none; train with "
            + "--transform bins:N.");
        int[] malicious = [.. rows.Where(row => data.Positive[row])];
        if (malicious.Length > MaliciousFlows.MaxFlows)
        {
            throw new DataException($"--keep-malicious: {malicious.Length} malicious flows are more than the {MaliciousFlows.MaxFlows} "
                + "that "
                    + "a model can keep; lower --flows-per-capture.");
        }

        Dictionary<string, int> columnOf = data.Features.Index().ToDictionary(feature => feature.Item, feature => feature.Index);
        int[] groups = [.. malicious.Select(row => data.Group[row]).Distinct()];
        return new MaliciousFlows(
            [.. columns.Select(column => Array.ConvertAll(malicious, row => column.ByteOf(data.Columns[columnOf[column.Name]][row])))],
            Array.ConvertAll(malicious, row => (ushort)Array.IndexOf(groups, data.Group[row])));
    }

    /// <summary>
    /// Values of a flow that the model can not tell from those it had: of each column one that is in the range of every feature that looks
    /// at it, NaN where there is no such number, as for a value that was missing.
    /// </summary>
    /// <param name="model">The model, with malicious flows.</param>
    /// <param name="columns">The columns that it keeps.</param>
    /// <param name="flow">The number of the flow.</param>
    /// <param name="values">Receives the values of <see cref="Model.Columns"/>.</param>
    public static void Fill(Model model, IReadOnlyList<KeptColumn> columns, int flow, Span<double> values)
    {
        foreach ((int at, string name) in model.Columns.Index())
        {
            (double from, double below) = (double.NegativeInfinity, double.PositiveInfinity);
            foreach ((int number, KeptColumn column) in columns.Index().Where(column => column.Item.Name == name))
            {
                (double least, double end) = column.RangeOf(model.Malicious!.Bins[number][flow]);
                (from, below) = (Math.Max(from, least), Math.Min(below, end));
            }

            values[at] = !(from < below) ? double.NaN
                : !double.IsInfinity(from) ? from
                : double.IsInfinity(below) ? 0
                : Math.BitDecrement(below);
        }
    }
}
