namespace FlowMeter.Engine.Scoring;

/// <summary>Finds what someone who misspelt a name probably meant.</summary>
public static class NearestName
{
    /// <summary>
    /// The candidate that the fewest insertions, deletions and substitutions turn <paramref name="name"/> into; the first among equals.
    /// </summary>
    public static string Find(string name, IReadOnlyList<string> candidates) =>
        candidates.MinBy(candidate => Distance(name, candidate)) ?? string.Empty;

    private static int Distance(string from, string to)
    {
        // Wagner and Fischer, one row at a time: row[j] is the distance of the part of `from` so far to the first j letters of `to`.
        int[] row = [.. Enumerable.Range(0, to.Length + 1)];
        for (int i = 1; i <= from.Length; i++)
        {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j <= to.Length; j++)
            {
                int substituted = diagonal + (from[i - 1] == to[j - 1] ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.Min(substituted, Math.Min(row[j], row[j - 1]) + 1);
            }
        }

        return row[^1];
    }
}
