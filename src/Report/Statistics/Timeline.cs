namespace FlowMeter.Report.Statistics;

/// <summary>
/// Exact sums over time in bounded memory: at most 400 spans of equal length, from a millisecond to ten years. When they no longer reach
/// over the time of the table, neighbours are added up to longer ones.
/// </summary>
/// <param name="series">Number of sums of a span.</param>
internal sealed class Timeline(int series)
{
    private const long Second = 1_000_000_000;
    private const long Day = 86400 * Second;
    private const int MaxSpans = 400;

    private static readonly long[] s_steps =
    [
        Second / 1000, Second / 500, Second / 100, Second / 50, Second / 10, Second / 5, Second, 2 * Second, 10 * Second, 30 * Second,
        60 * Second, 120 * Second, 600 * Second, 1800 * Second, 3600 * Second, 7200 * Second, Day / 4, Day / 2, Day, 7 * Day, 28 * Day,
        364 * Day, 3640 * Day,
    ];

    private Dictionary<long, double[]> _spans = [];
    private int _step;

    /// <summary>The length of a span in nanoseconds.</summary>
    public long Width => s_steps[_step];

    /// <summary>The number of the first span, counted from the epoch.</summary>
    public long First { get; private set; } = long.MaxValue;

    /// <summary>The number of the last span.</summary>
    public long Last { get; private set; } = long.MinValue;

    /// <summary>Whether there are no sums.</summary>
    public bool IsEmpty => _spans.Count == 0;

    /// <summary>Number of spans from the first to the last, empty ones included.</summary>
    public int Count => IsEmpty ? 0 : (int)(Last - First + 1);

    /// <summary>The sums of the span of a time, to be added to; valid until the next call.</summary>
    /// <param name="time">Nanoseconds since the epoch.</param>
    public Span<double> At(long time)
    {
        long number = Floor(time, Width);
        (First, Last) = (Math.Min(First, number), Math.Max(Last, number));
        while (Last - First >= MaxSpans)
        {
            Coarsen();
            number = Floor(time, Width);
        }

        if (!_spans.TryGetValue(number, out double[]? sums))
        {
            _spans.Add(number, sums = new double[series]);
        }

        return sums;
    }

    /// <summary>A copy with at most this many spans.</summary>
    public Timeline AtMost(int spans)
    {
        Timeline coarser = new(series) { _step = _step, _spans = _spans.ToDictionary(
            span => span.Key, span => (double[])span.Value.Clone()), First = First, Last = Last };
        while (coarser.Count > spans && coarser._step < s_steps.Length - 1)
        {
            coarser.Coarsen();
        }

        return coarser;
    }

    /// <summary>The start of each span in seconds since the epoch, with its sum of one series; 0 for spans without flows.</summary>
    public IEnumerable<(double Start, double Sum)> SumsOf(int index)
    {
        for (long number = First; number <= Last; number++)
        {
            yield return (number * (Width / 1e9), _spans.TryGetValue(number, out double[]? sums) ? sums[index] : 0);
        }
    }

    private static long Floor(long time, long width) => (long)Math.Floor((decimal)time / width);

    private void Coarsen()
    {
        long factor = s_steps[_step + 1] / s_steps[_step];
        _step++;
        Dictionary<long, double[]> merged = [];
        foreach ((long number, double[] sums) in _spans)
        {
            long to = Floor(number, factor);
            if (!merged.TryGetValue(to, out double[]? into))
            {
                merged.Add(to, sums);
                continue;
            }

            for (int i = 0; i < into.Length; i++)
            {
                into[i] += sums[i];
            }
        }

        _spans = merged;
        (First, Last) = (Floor(First, factor), Floor(Last, factor));
    }
}
