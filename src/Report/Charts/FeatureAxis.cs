using FlowMeter.Report.Drawing;
using FlowMeter.Report.Statistics;

namespace FlowMeter.Report.Charts;

/// <summary>The horizontal axis of a feature: logarithmic, with a column for values of 0 and below on its left if there are any.</summary>
internal sealed class FeatureAxis
{
    private const double ZeroWidth = 30;
    private const double Gap = 12;

    /// <summary>Creates an axis for all values of some histograms, but for one in a thousand at each end.</summary>
    /// <param name="histograms">The histograms.</param>
    /// <param name="unit">The unit of their values.</param>
    /// <param name="from">The coordinate of the left end.</param>
    /// <param name="to">The coordinate of the right end.</param>
    /// <param name="maxTicks">The largest number of ticks.</param>
    public FeatureAxis(IReadOnlyList<LogHistogram> histograms, string unit, double from, double to, int maxTicks)
    {
        HasZero = histograms.Any(histogram => histogram.NotPositive > 0);
        LogHistogram[] some = [.. histograms.Where(histogram => histogram.Count > histogram.NotPositive)];
        double low = some.Select(histogram => Math.Max(histogram.Quantile(0.001), histogram.Min)).DefaultIfEmpty(1).Min();
        double high = some.Select(histogram => Math.Max(histogram.Quantile(0.999), histogram.Min)).DefaultIfEmpty(1).Max();
        double room = high > low ? Math.Pow(high / low, 0.02) : 1;
        Zero = from;
        Axis = Axis.Create(
            Scale.Log(low / room, high * room, HasZero ? from + ZeroWidth + Gap : from, to),
            Label(unit),
            maxTicks,
            value => Tick(value, unit));
    }

    /// <summary>The part for values above 0.</summary>
    public Axis Axis { get; }

    /// <summary>Whether there is a column for 0.</summary>
    public bool HasZero { get; }

    /// <summary>The left side of that column.</summary>
    public double Zero { get; }

    /// <summary>Its middle.</summary>
    public double ZeroMiddle => Zero + (ZeroWidth / 2);

    /// <summary>Its right side.</summary>
    public double ZeroEnd => Zero + ZeroWidth;

    /// <summary>Axis line, ticks and label.</summary>
    public Html Draw(double y, double gridTop) => HasZero
        ? Html.Format($"""{Plot.HorizontalAxis(Axis, y, gridTop)}<path class="axis" d="M{Zero} {y}H{ZeroEnd}"/>"""
            + $"""<text class="tick" x="{ZeroMiddle}" y="{y + 19}" text-anchor="middle">0</text>""")
        : Plot.HorizontalAxis(Axis, y, gridTop);

    /// <summary>Powers of ten stay round: 1,000 s, not 16.7 min.</summary>
    private static string Tick(double value, string unit) =>
        unit switch { "ns" => value / 1e9, "µs" => value / 1e6, "ms" => value / 1e3, "s" => value, _ => 0 } is >= 60 and var seconds
            ? $"{Readable.Count(seconds)}\u00A0s"
            : Readable.InUnit(value, unit);

    private static string Label(string unit) => unit switch
    {
        "ns" or "µs" or "ms" or "s" => "time, log scale",
        "byte" => "bytes, log scale",
        "" or "1" => "value, log scale",
        _ => $"{unit}, log scale",
    };
}
