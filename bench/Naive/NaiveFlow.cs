namespace FlowMeter.Bench.Naive;

/// <summary>
/// A flow as an object: a running statistic for each series that the features are about. The first packet's sender is forward.
/// </summary>
internal sealed class NaiveFlow(long first, bool forwardIsB)
{
    private const double Microsecond = 1000;

    private readonly long _first = first;
    private long _last = first;
    private long _lastForward = first;
    private long _lastBackward = first;
    private RunningStatistics _sizes;
    private RunningStatistics _forwardSizes;
    private RunningStatistics _backwardSizes;
    private RunningStatistics _gaps;
    private RunningStatistics _forwardGaps;
    private RunningStatistics _backwardGaps;

    public long Packets => _sizes.Count;

    public double Bytes => _sizes.Sum;

    public double LongestGap => _gaps.Maximum;

    public void Add(long time, uint size, bool fromB)
    {
        if (_sizes.Count > 0)
        {
            _gaps.Add(Math.Max(time - _last, 0));
        }

        _sizes.Add(size);
        _last = Math.Max(_last, time);
        if (fromB == forwardIsB)
        {
            Add(ref _forwardSizes, ref _forwardGaps, ref _lastForward, time, size);
        }
        else
        {
            Add(ref _backwardSizes, ref _backwardGaps, ref _lastBackward, time, size);
        }
    }

    /// <summary>Writes the 39 features of profile flowmeter.</summary>
    public void Write(Span<double> features)
    {
        double duration = (_last - _first) / Microsecond;
        features[0] = duration;
        features[1] = _sizes.Count;
        features[2] = _forwardSizes.Count;
        features[3] = _backwardSizes.Count;
        features[4] = _sizes.Sum;
        features[5] = _forwardSizes.Sum;
        features[6] = _backwardSizes.Sum;
        Write(features[7..], in _sizes, 1);
        Write(features[11..], in _forwardSizes, 1);
        Write(features[15..], in _backwardSizes, 1);
        Write(features[19..], in _gaps, Microsecond);
        features[23] = _forwardGaps.Sum / Microsecond;
        Write(features[24..], in _forwardGaps, Microsecond);
        features[28] = _backwardGaps.Sum / Microsecond;
        Write(features[29..], in _backwardGaps, Microsecond);
        for (int i = 0; i < 6; i++)
        {
            features[33 + i] = duration == 0 ? 0 : features[1 + i] / duration;
        }
    }

    private static void Add(ref RunningStatistics sizes, ref RunningStatistics gaps, ref long last, long time, uint size)
    {
        if (sizes.Count > 0)
        {
            gaps.Add(Math.Max(time - last, 0));
        }

        sizes.Add(size);
        last = Math.Max(last, time);
    }

    private static void Write(Span<double> group, in RunningStatistics series, double unit)
    {
        group[0] = series.Mean / unit;
        group[1] = series.Deviation / unit;
        group[2] = series.Minimum / unit;
        group[3] = series.Maximum / unit;
    }
}
