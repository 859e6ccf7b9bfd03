using FlowMeter.Report.Drawing;
using FlowMeter.Report.Statistics;

namespace FlowMeter.Report.Charts;

/// <summary>The level axis of a feature: logarithmic, and left of it a column for 0 and below where such values are.</summary>
internal sealed class FeatureAxis
{
    private const double ZeroWidth = 30;
    private const double Gap = 12;

    /// <summary>Lays out an axis on which all of some histograms have room, but for one value in a thousand at each end.</summary>
    public FeatureAxis(IReadOnlyList<LogHistogram> histograms, string unit, double from, double to, int mostTicks)
    {
        HasZero = histograms.Any(histogram => histogram.NotPositive > 0);
        LogHistogram[] some = [.. histograms.Where(histogram => histogram.Count > histogram.NotPositive)];
        double low = some.Select(histogram => Math.Max(histogram.Quantile(0.001), histogram.Least)).DefaultIfEmpty(1).Min();
        double high = some.Select(histogram => Math.Max(histogram.Quantile(0.999), histogram.Least)).DefaultIfEmpty(1).Max();
        double room = high > low ? Math.Pow(high / low, 0.02) : 1;
        Zero = from;
        Axis = Axis.Of(Scale.Log(low / room, high * room, HasZero ? from + ZeroWidth + Gap : from, to), Label(unit), mostTicks, value => Tick(value, unit));
    }

    /// <summary>The part for values above 0.</summary>
    public Axis Axis { get; }

    /// <summary>Whether there is a column for 0.</summary>
    public bool HasZero { get; }

    /// <summary>Where that column begins.</summary>
    public double Zero { get; }

    /// <summary>Its middle.</summary>
    public double ZeroMiddle => Zero + (ZeroWidth / 2);

    /// <summary>Its end.</summary>
    public double ZeroEnd => Zero + ZeroWidth;

    /// <summary>Axis line, ticks and label.</summary>
    public Html Draw(double y, double gridTop) => HasZero
        ? Html.Of($"""{Plot.Below(Axis, y, gridTop)}<path class="axis" d="M{Zero} {y}H{ZeroEnd}"/><text class="tick" x="{ZeroMiddle}" y="{y + 19}" text-anchor="middle">0</text>""")
        : Plot.Below(Axis, y, gridTop);

    /// <summary>Powers of ten stay round: 1,000 s, not 16.7 min.</summary>
    private static string Tick(double value, string unit) =>
        unit switch { "ns" => value / 1e9, "µs" => value / 1e6, "ms" => value / 1e3, "s" => value, _ => 0 } is >= 60 and var seconds ? $"{Readable.Count(seconds)}\u00A0s" : Readable.InUnit(value, unit);

    private static string Label(string unit) => unit switch
    {
        "ns" or "µs" or "ms" or "s" => "time, log scale",
        "byte" => "bytes, log scale",
        "" or "1" => "value, log scale",
        _ => $"{unit}, log scale",
    };
}
