namespace FlowMeter.Report.Statistics;

/// <summary>
/// A histogram of values on a logarithmic axis: 16 bins a decade from 1e−12 to 1e18, and a count of values of 0 and below. Larger and
/// smaller values count in the bins at the ends. It takes 4 kB for any number of values.
/// </summary>
internal sealed class LogHistogram
{
    /// <summary>Number of bins of a decade.</summary>
    public const int PerDecade = 16;

    private const int LowestDecade = -12;
    private const int Decades = 30;
    private readonly long[] _bins = new long[Decades * PerDecade];

    /// <summary>Number of finite values.</summary>
    public long Count { get; private set; }

    /// <summary>Number of values of 0 and below.</summary>
    public long NotPositive { get; private set; }

    /// <summary>The smallest value above 0, at least 1e−12; infinite if there is none.</summary>
    public double Min { get; private set; } = double.PositiveInfinity;

    /// <summary>The largest value, at most 1e18; 0 if none is above 0.</summary>
    public double Max { get; private set; }

    /// <summary>Whether all values are integers; then quantiles are integers, too.</summary>
    public bool IsInteger { get; private set; } = true;

    /// <summary>The histogram of some values.</summary>
    public static LogHistogram FromValues(IEnumerable<double> values)
    {
        LogHistogram histogram = new();
        foreach (double value in values)
        {
            histogram.Add(value);
        }

        return histogram;
    }

    /// <summary>The histogram of all values of several histograms.</summary>
    public static LogHistogram Merged(IEnumerable<LogHistogram> parts)
    {
        LogHistogram all = new();
        foreach (LogHistogram part in parts)
        {
            all.Count += part.Count;
            all.NotPositive += part.NotPositive;
            all.Min = Math.Min(all.Min, part.Min);
            all.Max = Math.Max(all.Max, part.Max);
            all.IsInteger &= part.IsInteger;
            for (int bin = 0; bin < all._bins.Length; bin++)
            {
                all._bins[bin] += part._bins[bin];
            }
        }

        return all;
    }

    /// <summary>Counts a value; NaN and infinities are ignored, since they have no place on an axis.</summary>
    public void Add(double value)
    {
        if (!double.IsFinite(value))
        {
            return;
        }

        Count++;
        IsInteger &= value == Math.Floor(value);
        if (value <= 0)
        {
            NotPositive++;
            return;
        }

        double placed = Math.Clamp(value, Edge(0), Edge(_bins.Length));
        Min = Math.Min(Min, placed);
        Max = Math.Max(Max, placed);
        _bins[BinOf(value)]++;
    }

    /// <summary>
    /// The value that this share of all values does not exceed, to the width of a bin (15 %); exact for 0 and 1. NaN if there are no
    /// values.
    /// </summary>
    public double Quantile(double share)
    {
        double rank = share * (Count - 1);
        double seen = NotPositive;
        if (Count == 0 || rank < seen)
        {
            return Count == 0 ? double.NaN : 0;
        }

        for (int bin = 0; bin < _bins.Length; bin++)
        {
            if (_bins[bin] > 0 && rank < seen + _bins[bin])
            {
                double value = Math.Clamp(Edge(bin + ((rank - seen + 0.5) / _bins[bin])), Min, Max);
                return IsInteger ? Math.Round(value) : value;
            }

            seen += _bins[bin];
        }

        return Max;
    }

    /// <summary>
    /// The density over the decimal logarithm, as a share of all values for each decade, smoothed by a Gaussian whose width follows the
    /// number and deviation of the values (Silverman's rule).
    /// </summary>
    /// <param name="low">The value at the first point, above 0.</param>
    /// <param name="high">The value at the last point.</param>
    /// <param name="points">Number of points, evenly spread over the logarithm.</param>
    public double[] Density(double low, double high, int points)
    {
        double[] density = new double[points];
        long positive = Count - NotPositive;
        if (positive == 0)
        {
            return density;
        }

        double width = Bandwidth(positive);
        double first = Math.Log10(low);
        double step = (Math.Log10(high) - first) / (points - 1);
        for (int bin = 0; bin < _bins.Length; bin++)
        {
            if (_bins[bin] == 0)
            {
                continue;
            }

            double centre = LowestDecade + ((bin + 0.5) / PerDecade);
            double height = _bins[bin] / (double)Count / (width * Math.Sqrt(2 * Math.PI));
            for (int i = 0; i < points; i++)
            {
                double away = (first + (i * step) - centre) / width;
                density[i] += Math.Abs(away) < 6 ? height * Math.Exp(-away * away / 2) : 0;
            }
        }

        return density;
    }

    private static int BinOf(double value) =>
        Math.Clamp((int)Math.Floor((Math.Log10(value) - LowestDecade) * PerDecade), 0, (Decades * PerDecade) - 1);

    private static double Edge(double bin) => Math.Pow(10, LowestDecade + (bin / PerDecade));

    private double Bandwidth(long positive)
    {
        double sum = 0;
        double squares = 0;
        for (int bin = 0; bin < _bins.Length; bin++)
        {
            double at = (double)bin / PerDecade;
            sum += _bins[bin] * at;
            squares += _bins[bin] * at * at;
        }

        double mean = sum / positive;
        double deviation = Math.Sqrt(Math.Max(0, (squares / positive) - (mean * mean)));
        return Math.Clamp(0.6 * deviation * Math.Pow(positive, -0.2), 1.0 / PerDecade, 4.0 / PerDecade);
    }
}
