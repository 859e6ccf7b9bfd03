namespace FlowMeter.Report.Drawing;

/// <summary>Maps values to coordinates along an axis, linearly or by logarithm, and chooses round values for ticks.</summary>
internal sealed class Scale
{
    private static readonly double[] s_steps = [1, 2, 5, 10];
    private readonly bool _isLog;
    private readonly double _first;
    private readonly double _last;

    private Scale(double low, double high, double from, double to, bool isLog)
    {
        (Low, High, From, To, _isLog) = (low, high, from, to, isLog);
        (_first, _last) = isLog ? (Math.Log10(low), Math.Log10(high)) : (low, high);
    }

    /// <summary>The value at <see cref="From"/>.</summary>
    public double Low { get; }

    /// <summary>The value at <see cref="To"/>.</summary>
    public double High { get; }

    /// <summary>The coordinate of <see cref="Low"/>.</summary>
    public double From { get; }

    /// <summary>The coordinate of <see cref="High"/>.</summary>
    public double To { get; }

    /// <summary>A linear scale; if there is only one value, half a unit below and above it.</summary>
    public static Scale Linear(double low, double high, double from, double to) => low < high
        ? new(low, high, from, to, false)
        : new(low - 0.5, low + 0.5, from, to, false);

    /// <summary>A logarithmic scale of values above 0; if there is only one value, half a decade below and above it.</summary>
    public static Scale Log(double low, double high, double from, double to) => low < high
        ? new(low, high, from, to, true)
        : new(low / Math.Sqrt(10), low * Math.Sqrt(10), from, to, true);

    /// <summary>The lowest round value that is at least this: the end of an axis from 0 that has a tick at its end.</summary>
    public static double RoundUp(double value, int ticks)
    {
        if (!(value > 0))
        {
            return 1;
        }

        double step = Step(value, ticks);
        return Math.Ceiling((value / step) - 1e-9) * step;
    }

    /// <summary>The coordinate of a value; that of the nearer end for a value outside.</summary>
    public double Place(double value)
    {
        double at = _isLog ? Math.Log10(Math.Max(value, double.Epsilon)) : value;
        return From + (Math.Clamp((at - _first) / (_last - _first), 0, 1) * (To - From));
    }

    /// <summary>The value at a coordinate: the inverse of <see cref="Place"/>.</summary>
    public double ValueAt(double place)
    {
        double at = _first + ((place - From) / (To - From) * (_last - _first));
        return _isLog ? Math.Pow(10, at) : at;
    }

    /// <summary>
    /// Round values within the scale, ascending, at max <paramref name="max"/>: multiples of 1, 2 or 5 times a power of ten, or powers of
    /// ten.
    /// </summary>
    public IReadOnlyList<double> Ticks(int max) => _isLog ? Powers(max) : Multiples(max);

    private static double Step(double span, int max)
    {
        double power = Math.Pow(10, Math.Floor(Math.Log10(span / max)));
        return power * s_steps.First(step => span / (step * power) <= max + 1e-9);
    }

    private List<double> Multiples(int max)
    {
        double step = Step(High - Low, Math.Max(max - 1, 1));
        List<double> ticks = [];
        for (double i = Math.Ceiling((Low / step) - 1e-9); i * step <= High + (step * 1e-9); i++)
        {
            // By the power of ten, not by the step: 3 · 0.1 is 0.30000000000000004, 3 / 10 is 0.3. Adding 0 makes 0 of −0.
            double power = Math.Pow(10, Math.Max(0, -Math.Floor(Math.Log10(step))));
            ticks.Add((Math.Round(i * step * power) / power) + 0.0);
        }

        return ticks;
    }

    private List<double> Powers(int max)
    {
        int first = (int)Math.Ceiling(_first - 1e-9);
        int last = (int)Math.Floor(_last + 1e-9);
        List<double> ticks = [];
        if (last - first < 1)
        {
            for (int power = first - 1; power <= last; power++)
            {
                ticks.AddRange(s_steps[..3].Select(step => step * Math.Pow(10, power)).Where(
                    value => value >= Low * (1 - 1e-9) && value <= High * (1 + 1e-9)));
            }

            return ticks.Count > 0 ? [.. ticks.Take(max)] : Multiples(max);
        }

        int stride = 1;
        while (((last - first) / stride) + 1 > max)
        {
            stride++;
        }

        // Exponents are multiples of the stride, so that 1 has a tick where it is within the scale.
        for (int power = first; power <= last; power++)
        {
            if (power % stride == 0)
            {
                ticks.Add(Math.Pow(10, power));
            }
        }

        return ticks;
    }
}
