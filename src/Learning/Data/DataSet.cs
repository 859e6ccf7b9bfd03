namespace FlowMeter.Learning.Data;

/// <summary>
/// Labelled flows as columns: one column of doubles for each feature, and columns of what else is known of each flow, all of
/// <see cref="Count"/> values. Doubles, not floats: times in µs and sums of bytes need more than 24 bits. Nobody changes the arrays after
/// <see cref="DataSetBuilder"/> made them, so data sets share them and any thread may read them.
/// </summary>
public sealed record DataSet
{
    /// <summary>Values of a larger size count as infinite: their squares would overflow.</summary>
    public const double MaxValue = 1e150;

    /// <summary>The name of the profile where a table has columns of its own.</summary>
    public const string TableProfile = "table";

    /// <summary>The profile whose features these are; <see cref="TableProfile"/> for a table that is of no profile.</summary>
    public required string Profile { get; init; }

    /// <summary>Names of the features, in the order of <see cref="Columns"/>.</summary>
    public required IReadOnlyList<string> Features { get; init; }

    /// <summary>
    /// One column for each feature, each of <see cref="Count"/> values, in the units of the profile; NaN for a missing value.
    /// </summary>
    public required double[][] Columns { get; init; }

    /// <summary>Whether a flow is malicious.</summary>
    public required bool[] Positive { get; init; }

    /// <summary>The capture or table each flow is from, as a number in <see cref="Captures"/>.</summary>
    public required int[] Capture { get; init; }

    /// <summary>Names of the captures or tables.</summary>
    public required IReadOnlyList<string> Captures { get; init; }

    /// <summary>
    /// The group each flow is from: captures that share a flow are one group (<see cref="CaptureGroups"/>), every other capture or table is
    /// one of its own. Where a column names the source of each row, that is its group.
    /// </summary>
    public required int[] Group { get; init; }

    /// <summary>
    /// The source each flow is from, as a number in <see cref="Sources"/>: the laboratory that made it; empty where nobody named them.
    /// </summary>
    public int[] Source { get; init; } = [];

    /// <summary>Names of the sources; empty where nobody named them.</summary>
    public IReadOnlyList<string> Sources { get; init; } = [];

    /// <summary>
    /// Start of each flow in nanoseconds since the epoch (UTC); the number of the row where <see cref="HasTimes"/> is false.
    /// </summary>
    public required long[] Times { get; init; }

    /// <summary>Whether <see cref="Times"/> are times.</summary>
    public required bool HasTimes { get; init; }

    /// <summary>Packets of each flow; all 1 where <see cref="HasVolumes"/> is false.</summary>
    public required double[] Packets { get; init; }

    /// <summary>Bytes of each flow; all 1 where <see cref="HasVolumes"/> is false.</summary>
    public required double[] Bytes { get; init; }

    /// <summary>
    /// Packets that bypass the deep inspector if the flow is judged benign: all of them, or those after an early verdict.
    /// </summary>
    public required double[] BypassedPackets { get; init; }

    /// <summary>Bytes of these packets.</summary>
    public required double[] BypassedBytes { get; init; }

    /// <summary>Whether <see cref="Packets"/> and <see cref="Bytes"/> are known.</summary>
    public required bool HasVolumes { get; init; }

    /// <summary>
    /// Benign flows a day, as many as there were before any were left out; null where times are unknown or span less than an hour.
    /// </summary>
    public double? BenignFlowsADay { get; init; }

    /// <summary>Number of flows.</summary>
    public int Count => Positive.Length;

    /// <summary>Number of malicious flows.</summary>
    public int Positives => Positive.Count(positive => positive);

    /// <summary>
    /// Whether no value of a feature is missing or larger than <see cref="MaxValue"/>. Other features can only be binned, not standardised.
    /// </summary>
    public bool IsBounded(int feature) => Array.TrueForAll(Columns[feature], value => Math.Abs(value) <= MaxValue);

    /// <summary>The numbers of all rows, ascending.</summary>
    public int[] AllRows() => [.. Enumerable.Range(0, Count)];

    /// <summary>
    /// The numbers of at most <paramref name="max"/> rows of each capture, evenly spread over its flows in order of time; ascending.
    /// </summary>
    /// <param name="max">Rows to keep of a capture, at least 1.</param>
    public int[] Thinned(int max)
    {
        List<int> kept = [];
        foreach (int[] rows in ByCapture(AllRows()))
        {
            for (int i = 0; i < Math.Min(max, rows.Length); i++)
            {
                kept.Add(rows[rows.Length <= max ? i : (int)((long)i * rows.Length / max)]);
            }
        }

        kept.Sort();
        return [.. kept];
    }

    /// <summary>Numbers of rows, an array for each capture in the order of <see cref="Captures"/>, each in order of time.</summary>
    public IEnumerable<int[]> ByCapture(IEnumerable<int> rows) => By(Capture, rows);

    /// <summary>Numbers of rows, an array for each group of captures that share flows, each in order of time.</summary>
    public IEnumerable<int[]> ByGroup(IEnumerable<int> rows) => By(Group, rows);

    /// <summary>Numbers of rows, an array for each source, each in order of time; none where nobody named them.</summary>
    public IEnumerable<int[]> BySource(IEnumerable<int> rows) => Source.Length == 0 ? [] : By(Source, rows);

    /// <summary>The same flows with some of the features; shares the columns.</summary>
    public DataSet WithFeatures(int[] features) => this with
    {
        Features = [.. features.Select(feature => Features[feature])],
        Columns = [.. features.Select(feature => Columns[feature])],
    };

    /// <summary>A data set of some of the rows, in the given order; copies the values.</summary>
    public DataSet WithRows(int[] rows) => this with
    {
        Columns = [.. Columns.Select(column => Pick(column, rows))],
        Positive = Pick(Positive, rows),
        Capture = Pick(Capture, rows),
        Group = Pick(Group, rows),
        Source = Source.Length == 0 ? [] : Pick(Source, rows),
        Times = Pick(Times, rows),
        Packets = Pick(Packets, rows),
        Bytes = Pick(Bytes, rows),
        BypassedPackets = Pick(BypassedPackets, rows),
        BypassedBytes = Pick(BypassedBytes, rows),
    };

    /// <summary>
    /// The same flows where sources that share a group of captures are one source: what is left out together must not be on both sides.
    /// </summary>
    /// <param name="tell">Receives one line for each sources that are one.</param>
    internal DataSet WithJoinedSources(Action<string> tell)
    {
        if (Source.Length == 0)
        {
            return this;
        }

        DisjointSets sets = new(Sources.Count);
        foreach (int[] rows in ByGroup(AllRows()))
        {
            Array.ForEach(rows, row => sets.Join(Source[rows[0]], Source[row]));
        }

        int[] joined = sets.Numbers();
        string[] names =
        [
            .. Sources.Zip(joined).GroupBy(source => source.Second).OrderBy(set => set.Key).Select(
                set => string.Join(" + ", set.Select(source => source.First))),
        ];
        foreach (string name in names.Except(Sources))
        {
            tell($"sources that share flows are one: {name}");
        }

        return this with { Source = Array.ConvertAll(Source, source => joined[source]), Sources = names };
    }

    private IEnumerable<int[]> By(int[] unit, IEnumerable<int> rows) =>
        rows.GroupBy(row => unit[row])
            .OrderBy(group => group.Key)
            .Select(group => group.OrderBy(row => Times[row]).ThenBy(row => row).ToArray());

    private static T[] Pick<T>(T[] values, int[] rows) => Array.ConvertAll(rows, row => values[row]);
}
