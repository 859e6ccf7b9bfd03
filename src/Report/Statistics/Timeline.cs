namespace FlowMeter.Report.Statistics;

/// <summary>
/// Sums by time in bounded memory: the spans grow as the table's time does, from a millisecond to ten years, and each is made of whole ones of the step before, so nothing is estimated.
/// </summary>
/// <param name="series">Sums that each span has.</param>
internal sealed class Timeline(int series)
{
    private const long Second = 1_000_000_000;
    private const long Day = 86400 * Second;
    private const int MostSpans = 400;

    private static readonly long[] s_steps =
    [
        Second / 1000, Second / 500, Second / 100, Second / 50, Second / 10, Second / 5, Second, 2 * Second, 10 * Second, 30 * Second, 60 * Second, 120 * Second, 600 * Second,
        1800 * Second, 3600 * Second, 7200 * Second, Day / 4, Day / 2, Day, 7 * Day, 28 * Day, 364 * Day, 3640 * Day,
    ];

    private Dictionary<long, double[]> _spans = [];
    private int _step;

    /// <summary>The length of a span, in nanoseconds.</summary>
    public long Width => s_steps[_step];

    /// <summary>Number of the first span, counted from the epoch.</summary>
    public long First { get; private set; } = long.MaxValue;

    /// <summary>Number of the last span.</summary>
    public long Last { get; private set; } = long.MinValue;

    /// <summary>Whether nothing has been added.</summary>
    public bool IsEmpty => _spans.Count == 0;

    /// <summary>Number of spans from the first to the last, empty ones included.</summary>
    public int Count => IsEmpty ? 0 : (int)(Last - First + 1);

    /// <summary>The sums of the span that a moment is in, to be added to.</summary>
    /// <param name="time">Nanoseconds since the epoch.</param>
    public Span<double> At(long time)
    {
        long number = Floor(time, Width);
        (First, Last) = (Math.Min(First, number), Math.Max(Last, number));
        while (Last - First >= MostSpans)
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

    /// <summary>The same sums in at most so many spans.</summary>
    public Timeline AtMost(int spans)
    {
        Timeline coarser = new(series) { _step = _step, _spans = _spans.ToDictionary(span => span.Key, span => (double[])span.Value.Clone()), First = First, Last = Last };
        while (coarser.Count > spans && coarser._step < s_steps.Length - 1)
        {
            coarser.Coarsen();
        }

        return coarser;
    }

    /// <summary>Start of each span, seconds since the epoch, and its sum of one series; spans without flows have 0.</summary>
    public IEnumerable<(double Start, double Sum)> Of(int index)
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
