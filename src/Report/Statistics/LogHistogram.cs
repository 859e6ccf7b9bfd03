namespace FlowMeter.Report.Statistics;

/// <summary>
/// Counts of values on a logarithmic axis: 16 bins a decade from 1e−12 to 1e18, and beside them what a logarithm has no place for; values beyond lie at its ends. A few kilobytes whatever comes; no value is kept.
/// </summary>
internal sealed class LogHistogram
{
    /// <summary>Bins of a decade.</summary>
    public const int PerDecade = 16;

    private const int LowestDecade = -12;
    private const int Decades = 30;
    private readonly long[] _bins = new long[Decades * PerDecade];

    /// <summary>All values that are numbers.</summary>
    public long Count { get; private set; }

    /// <summary>Values of 0 and below.</summary>
    public long NotPositive { get; private set; }

    /// <summary>Values that are no numbers.</summary>
    public long Missing { get; private set; }

    /// <summary>The smallest value above 0, on the axis; infinite if there is none.</summary>
    public double Least { get; private set; } = double.PositiveInfinity;

    /// <summary>The largest finite value, on the axis; 0 if none is above it.</summary>
    public double Most { get; private set; }

    /// <summary>Whether all values are whole numbers; then so are the quantiles.</summary>
    public bool IsWhole { get; private set; } = true;

    /// <summary>The histogram of some values.</summary>
    public static LogHistogram Of(IEnumerable<double> values)
    {
        LogHistogram histogram = new();
        foreach (double value in values)
        {
            histogram.Add(value);
        }

        return histogram;
    }

    /// <summary>The histogram of all values of several.</summary>
    public static LogHistogram Merged(IEnumerable<LogHistogram> parts)
    {
        LogHistogram all = new();
        foreach (LogHistogram part in parts)
        {
            all.Count += part.Count;
            all.NotPositive += part.NotPositive;
            all.Missing += part.Missing;
            all.Least = Math.Min(all.Least, part.Least);
            all.Most = Math.Max(all.Most, part.Most);
            all.IsWhole &= part.IsWhole;
            for (int bin = 0; bin < all._bins.Length; bin++)
            {
                all._bins[bin] += part._bins[bin];
            }
        }

        return all;
    }

    /// <summary>Counts a value. Infinities are missing values: no axis has a place for them.</summary>
    public void Add(double value)
    {
        if (!double.IsFinite(value))
        {
            Missing++;
            return;
        }

        Count++;
        IsWhole &= value == Math.Floor(value);
        if (value <= 0)
        {
            NotPositive++;
            return;
        }

        double placed = Math.Clamp(value, Edge(0), Edge(_bins.Length));
        Least = Math.Min(Least, placed);
        Most = Math.Max(Most, placed);
        _bins[BinOf(value)]++;
    }

    /// <summary>The value that this share of all values does not exceed, to the width of a bin (15 %); exact at both ends.</summary>
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
                double value = Math.Clamp(Edge(bin + ((rank - seen + 0.5) / _bins[bin])), Least, Most);
                return IsWhole ? Math.Round(value) : value;
            }

            seen += _bins[bin];
        }

        return Most;
    }

    /// <summary>The density over the logarithm to base 10, as a share of all values a decade, smoothed by a Gaussian whose width follows the number and spread of the values (Silverman's rule).</summary>
    /// <param name="low">The first place, above 0.</param>
    /// <param name="high">The last place.</param>
    /// <param name="points">How many places, evenly spread over the logarithm.</param>
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

    private static int BinOf(double value) => Math.Clamp((int)Math.Floor((Math.Log10(value) - LowestDecade) * PerDecade), 0, (Decades * PerDecade) - 1);

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
