namespace FlowMeter.Learning.Data;

/// <summary>
/// Labelled flows as columns of doubles: features, and beside them what is known of each flow. Values are doubles, not floats: times in µs and sums of bytes need more than 24 bits.
/// </summary>
public sealed class DataSet
{
    /// <summary>The profile whose features these are; <see cref="TableProfile"/> for a table of anybody's.</summary>
    public required string Profile { get; init; }

    /// <summary>A value beyond is as good as infinite.</summary>
    public const double LargestValue = 1e150;

    /// <summary>What stands for a profile where a table has columns of its own.</summary>
    public const string TableProfile = "table";

    /// <summary>Names of the features.</summary>
    public required IReadOnlyList<string> Features { get; init; }

    /// <summary>One column a feature, each of <see cref="Count"/> values.</summary>
    public required double[][] Columns { get; init; }

    /// <summary>Whether a flow is malicious.</summary>
    public required bool[] Positive { get; init; }

    /// <summary>The capture or table each flow is from, as a number in <see cref="Captures"/>.</summary>
    public required int[] Capture { get; init; }

    /// <summary>Names of the captures or tables.</summary>
    public required IReadOnlyList<string> Captures { get; init; }

    /// <summary>When each flow began, nanoseconds since the epoch; rows' numbers where nobody knows.</summary>
    public required long[] Times { get; init; }

    /// <summary>Whether <see cref="Times"/> are times.</summary>
    public required bool HasTimes { get; init; }

    /// <summary>Packets of each flow; 1 each where nobody knows.</summary>
    public required double[] Packets { get; init; }

    /// <summary>Bytes of each flow; 1 each where nobody knows.</summary>
    public required double[] Bytes { get; init; }

    /// <summary>Packets that need no deeper look if the flow is judged benign: all of them, or those after the verdict.</summary>
    public required double[] SparedPackets { get; init; }

    /// <summary>Bytes that need no deeper look if the flow is judged benign.</summary>
    public required double[] SparedBytes { get; init; }

    /// <summary>Whether <see cref="Packets"/> and <see cref="Bytes"/> are known.</summary>
    public required bool HasVolumes { get; init; }

    /// <summary>Number of flows.</summary>
    public int Count => Positive.Length;

    /// <summary>Number of malicious flows.</summary>
    public int Positives => Positive.Count(positive => positive);

    /// <summary>Whether all values of a feature are there and so small that their squares are finite: others can not be standardised, only binned.</summary>
    public bool IsBounded(int feature) => Array.TrueForAll(Columns[feature], value => Math.Abs(value) <= LargestValue);

    /// <summary>All rows' numbers.</summary>
    public int[] AllRows() => [.. Enumerable.Range(0, Count)];

    /// <summary>At most so many flows of each capture, evenly spread over its flows in order of time.</summary>
    /// <param name="most">Flows that stay of a capture, at least 1.</param>
    public int[] Thinned(int most)
    {
        List<int> kept = [];
        foreach (int[] rows in ByCapture(AllRows()))
        {
            for (int i = 0; i < Math.Min(most, rows.Length); i++)
            {
                kept.Add(rows[rows.Length <= most ? i : (int)((long)i * rows.Length / most)]);
            }
        }

        kept.Sort();
        return [.. kept];
    }

    /// <summary>Rows capture by capture, each in order of time.</summary>
    public IEnumerable<int[]> ByCapture(IEnumerable<int> rows) =>
        rows.GroupBy(row => Capture[row]).OrderBy(group => group.Key).Select(group => group.OrderBy(row => Times[row]).ThenBy(row => row).ToArray());

    /// <summary>The same flows with some of the features.</summary>
    public DataSet WithFeatures(int[] features) => new()
    {
        Profile = Profile,
        Features = [.. features.Select(feature => Features[feature])],
        Columns = [.. features.Select(feature => Columns[feature])],
        Positive = Positive,
        Capture = Capture,
        Captures = Captures,
        Times = Times,
        HasTimes = HasTimes,
        Packets = Packets,
        Bytes = Bytes,
        SparedPackets = SparedPackets,
        SparedBytes = SparedBytes,
        HasVolumes = HasVolumes,
    };

    /// <summary>A data set of some of the rows, in the given order.</summary>
    public DataSet Of(int[] rows) => new()
    {
        Profile = Profile,
        Features = Features,
        Columns = [.. Columns.Select(column => Pick(column, rows))],
        Positive = Pick(Positive, rows),
        Capture = Pick(Capture, rows),
        Captures = Captures,
        Times = Pick(Times, rows),
        HasTimes = HasTimes,
        Packets = Pick(Packets, rows),
        Bytes = Pick(Bytes, rows),
        SparedPackets = Pick(SparedPackets, rows),
        SparedBytes = Pick(SparedBytes, rows),
        HasVolumes = HasVolumes,
    };

    private static T[] Pick<T>(T[] values, int[] rows) => Array.ConvertAll(rows, row => values[row]);
}
