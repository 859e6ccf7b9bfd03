namespace FlowMeter.Report.Statistics;

/// <summary>
/// Why flows are undecided, as far as a table tells: they have fewer packets than any flow that was judged by its score, or as many and a
/// score between the two thresholds.
/// </summary>
internal sealed class UndecidedReasons
{
    private const int MaxPackets = 64;

    private readonly long[] _undecided = new long[MaxPackets + 1];
    private double _leastJudged = double.PositiveInfinity;

    /// <summary>The fewest packets of a flow that was judged by its score.</summary>
    public double LeastJudged => _leastJudged;

    /// <summary>Undecided flows with fewer packets.</summary>
    public long TooShort => Enumerable.Range(0, MaxPackets).Where(packets => packets < _leastJudged).Sum(packets => _undecided[packets]);

    /// <summary>The other undecided flows.</summary>
    public long Between => _undecided.Sum() - TooShort;

    /// <summary>Takes a flow.</summary>
    /// <param name="packets">Its packets.</param>
    /// <param name="isUndecided">Whether it is undecided.</param>
    /// <param name="isByHost">Whether its verdict rests on what its source did.</param>
    public void Add(double packets, bool isUndecided, bool isByHost)
    {
        if (isUndecided)
        {
            _undecided[(int)Math.Clamp(packets, 0, MaxPackets)]++;
        }
        else if (!isByHost)
        {
            _leastJudged = Math.Min(_leastJudged, packets);
        }
    }
}
