namespace FlowMeter.Cli.Options;

/// <summary>What a mistyped word was meant to be.</summary>
internal static class NearestWord
{
    /// <summary>
    /// The known word that is a few slips away: letters left out, added, changed or swapped; or the only one that begins so. Null where
    /// there is none.
    /// </summary>
    public static string? Find(string word, IEnumerable<string> known)
    {
        string bare = word.TrimStart('-');
        if (bare.Length == 0)
        {
            return null;
        }

        string[] words = [.. known];
        (string? nearest, int distance) = words
            .Select(other => (Word: (string?)other, Distance: Distance(bare, other.TrimStart('-'))))
            .OrderBy(other => other.Distance)
            .FirstOrDefault((null, int.MaxValue));
        if (distance <= Math.Max(1, bare.Length / 3) && distance < bare.Length)
        {
            return nearest;
        }

        string[] longer =
            [.. words.Where(other => bare.Length > 1 && other.TrimStart('-').StartsWith(bare, StringComparison.OrdinalIgnoreCase))];
        return longer.Length == 1 ? longer[0] : null;
    }

    /// <summary>Slips between two words, without regard to case: Damerau's distance over neighbours.</summary>
    private static int Distance(string left, string right)
    {
        int[] before = new int[right.Length + 1];
        int[] last = [.. Enumerable.Range(0, right.Length + 1)];
        for (int i = 1; i <= left.Length; i++)
        {
            int[] row = new int[right.Length + 1];
            row[0] = i;
            for (int j = 1; j <= right.Length; j++)
            {
                row[j] = Math.Min(Math.Min(last[j], row[j - 1]) + 1, last[j - 1] + (Same(left[i - 1], right[j - 1]) ? 0 : 1));
                if (i > 1 && j > 1 && Same(left[i - 1], right[j - 2]) && Same(left[i - 2], right[j - 1]))
                {
                    row[j] = Math.Min(row[j], before[j - 2] + 1);
                }
            }

            (before, last) = (last, row);
        }

        return last[right.Length];
    }

    private static bool Same(char left, char right) => char.ToLowerInvariant(left) == char.ToLowerInvariant(right);
}
