namespace FlowMeter.Learning.Data;

/// <summary>
/// Groups of captures that share flows. Copies of a capture and re-runs of one set-up have flows of the very same sequence of directions
/// and sizes; a model that was trained with one of them has seen the others, so no split may part them.
/// </summary>
public static class CaptureGroups
{
    /// <summary>
    /// The group of each capture, numbered from 0 in the order of their first captures. Captures of one name, and captures with a sequence
    /// in common, are one group; so are those that are joined by others.
    /// </summary>
    /// <param name="captures">The names of the captures.</param>
    /// <param name="sequences">For each capture, the hashes of the sequences of its flows' sizes.</param>
    public static int[] Join(IReadOnlyList<string> captures, IReadOnlyList<ulong[]> sequences)
    {
        DisjointSets sets = new(captures.Count);
        Dictionary<string, int> firstOfName = [];
        Dictionary<ulong, int> firstOfHash = [];
        for (int capture = 0; capture < captures.Count; capture++)
        {
            firstOfName.TryAdd(captures[capture], capture);
            sets.Join(firstOfName[captures[capture]], capture);
            foreach (ulong hash in sequences[capture])
            {
                firstOfHash.TryAdd(hash, capture);
                sets.Join(firstOfHash[hash], capture);
            }
        }

        return sets.Numbers();
    }
}
