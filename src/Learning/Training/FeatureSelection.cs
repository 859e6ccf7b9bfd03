using FlowMeter.Learning.Data;

namespace FlowMeter.Learning.Training;

/// <summary>
/// Selects the columns to train with. Constant columns are left out, and so are copies of earlier ones, which would make weights ambiguous.
/// Columns with missing or infinite values stay, but can only be binned.
/// </summary>
public static class FeatureSelection
{
    /// <summary>The numbers of the features to train with, ascending.</summary>
    /// <param name="data">The flows.</param>
    /// <param name="rows">The rows to train with, at least one.</param>
    /// <param name="tell">Receives one line for each kind of column that is left out or limited, with their names.</param>
    /// <exception cref="DataException">No column is left.</exception>
    public static int[] Choose(DataSet data, int[] rows, Action<string> tell)
    {
        List<int> kept = [];
        List<string> constant = [];
        List<string> copies = [];
        List<string> infinite = [];
        Dictionary<int, List<int>> byHash = [];
        for (int feature = 0; feature < data.Features.Count; feature++)
        {
            double[] column = data.Columns[feature];
            if (rows.All(row => column[row].Equals(column[rows[0]])))
            {
                constant.Add(data.Features[feature]);
                continue;
            }

            HashCode hash = default;
            foreach (int row in rows)
            {
                hash.Add(column[row]);
            }

            List<int> alike = byHash.TryGetValue(hash.ToHashCode(), out List<int>? found) ? found : byHash[hash.ToHashCode()] = [];
            int original = alike.FindIndex(other => rows.All(row => data.Columns[other][row].Equals(column[row])));
            if (original >= 0)
            {
                copies.Add($"{data.Features[feature]} (of {data.Features[alike[original]]})");
                continue;
            }

            alike.Add(feature);
            kept.Add(feature);
            if (!data.IsBounded(feature))
            {
                infinite.Add(data.Features[feature]);
            }
        }

        Tell(constant, "the same in every flow, left out");
        Tell(copies, "copies of other columns, left out");
        Tell(infinite, "missing or infinite in some flows, used with bins only");
        return kept.Count > 0 ? [.. kept] : throw new DataException(
            "no column is left to train with: each column of numbers is the same in every flow; give flows that differ.");

        void Tell(List<string> names, string what)
        {
            if (names.Count > 0)
            {
                tell($"{what}: {string.Join(", ", names)}");
            }
        }
    }
}
