namespace FlowMeter.Bench.Naive;

/// <summary>Mean, deviation, minimum and maximum of a series in doubles, by Welford's method.</summary>
internal struct RunningStatistics
{
    private long _count;
    private double _squares;

    public double Mean { get; private set; }

    public double Minimum { get; private set; }

    public double Maximum { get; private set; }

    public readonly double Deviation => _count == 0 ? 0 : Math.Sqrt(_squares / _count);

    public readonly double Sum => Mean * _count;

    public readonly long Count => _count;

    public void Add(double value)
    {
        _count++;
        double difference = value - Mean;
        Mean += difference / _count;
        _squares += difference * (value - Mean);
        Minimum = _count == 1 ? value : Math.Min(Minimum, value);
        Maximum = _count == 1 ? value : Math.Max(Maximum, value);
    }
}
