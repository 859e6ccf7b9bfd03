namespace FlowMeter.Report.Drawing;

/// <summary>
/// The frame of a chart: axes with ticks, labels and a quiet grid. Units of the drawing are pixels of a small screen, so texts stay legible on a phone; charts that want more room are drawn twice
/// (<see cref="Twice"/>).
/// </summary>
internal static class Plot
{
    /// <summary>The width of a chart, in its own units.</summary>
    public const double Width = 440;

    /// <summary>The width of the same chart across a whole page.</summary>
    public const double WideWidth = 960;

    /// <summary>Room on the left for the ticks' texts.</summary>
    public const double Left = 50;

    /// <summary>Room on the right for half a tick's text.</summary>
    public const double Right = 18;

    /// <summary>Room above for the label of the upright axis.</summary>
    public const double Top = 28;

    /// <summary>Room below for ticks and label.</summary>
    public const double Bottom = 44;

    /// <summary>A drawing. Its name and what it shows are said to those who do not see it.</summary>
    public static Html Drawing(double width, double height, string name, string shows, Html marks) =>
        Html.Of($"""<svg viewBox="0 0 {width} {height}" role="img" aria-label="{name}. {shows}">{marks}</svg>""");

    /// <summary>The level axis: ticks below a line, label below them.</summary>
    public static Html Below(Axis axis, double y, double gridTop)
    {
        Html ticks = Html.Join(axis.Ticks.Select(tick =>
        {
            double x = axis.Scale.Place(tick.Value);
            return Html.Of($"""<path class="grid" d="M{x} {gridTop}V{y}"/><text class="tick" x="{x}" y="{y + 19}" text-anchor="middle">{tick.Text}</text>""");
        }));
        double middle = (axis.Scale.From + axis.Scale.To) / 2;
        return Html.Of($"""{ticks}<path class="axis" d="M{axis.Scale.From} {y}H{axis.Scale.To}"/><text class="label x-label" x="{middle}" y="{y + 38}" text-anchor="middle">{axis.Label}</text>""");
    }

    /// <summary>The upright axis: texts on the left, level grid lines, and the label level above, where it reads without turning the head.</summary>
    public static Html Beside(Axis axis, double x, double gridRight, double labelY)
    {
        Html ticks = Html.Join(axis.Ticks.Select(tick =>
        {
            double y = axis.Scale.Place(tick.Value);
            return Html.Of($"""<path class="grid" d="M{x} {y}H{gridRight}"/><text class="tick" x="{x - 7}" y="{y + 4}" text-anchor="end">{tick.Text}</text>""");
        }));
        return Html.Of($"""{ticks}<text class="label y-label" x="2" y="{labelY}">{axis.Label}</text>""");
    }

    /// <summary>The same drawing for a desk and for a phone; a screen shows one of them.</summary>
    public static Html Twice(Func<double, Html> draw) =>
        Html.Of($"""<div class="wide">{draw(WideWidth)}</div><div class="narrow">{draw(Width)}</div>""");
}
