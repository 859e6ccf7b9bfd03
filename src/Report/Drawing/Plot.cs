namespace FlowMeter.Report.Drawing;

/// <summary>
/// The frame of a chart: axes with ticks, labels and grid. Units of the drawing are pixels of a small screen, so text stays legible on a
/// phone; charts that need more room are drawn twice (<see cref="Twice"/>).
/// </summary>
internal static class Plot
{
    /// <summary>The width of a chart, in units of the drawing.</summary>
    public const double Width = 440;

    /// <summary>The width of a chart across the page.</summary>
    public const double WideWidth = 960;

    /// <summary>The margin on the left, for the texts of ticks.</summary>
    public const double Left = 50;

    /// <summary>The margin on the right, for half of a tick's text.</summary>
    public const double Right = 18;

    /// <summary>The margin above, for the label of the vertical axis.</summary>
    public const double Top = 28;

    /// <summary>The margin below, for ticks and label.</summary>
    public const double Bottom = 44;

    /// <summary>A drawing; its name and what it shows are there for screen readers.</summary>
    public static Html Drawing(double width, double height, string name, string shows, Html marks) =>
        Html.Format($"""<svg viewBox="0 0 {width} {height}" role="img" aria-label="{name}. {shows}">{marks}</svg>""");

    /// <summary>A horizontal axis: ticks below a line, the label below them.</summary>
    public static Html HorizontalAxis(Axis axis, double y, double gridTop)
    {
        Html ticks = Html.Join(axis.Ticks.Select(tick =>
        {
            double x = axis.Scale.Place(tick.Value);
            return Html.Format($"""<path class="grid" d="M{x} {gridTop}V{y}"/><text class="tick" x="{x}" y="{y + 19}" """
                + $"""text-anchor="middle">{tick.Text}</text>""");
        }));
        double middle = (axis.Scale.From + axis.Scale.To) / 2;
        return Html.Format($"""{ticks}<path class="axis" d="M{axis.Scale.From} {y}H{axis.Scale.To}"/>"""
            + $"""<text class="label x-label" x="{middle}" y="{y + 38}" text-anchor="middle">{axis.Label}</text>""");
    }

    /// <summary>A vertical axis: texts on the left, horizontal grid lines, and the label above it, written horizontally.</summary>
    public static Html VerticalAxis(Axis axis, double x, double gridRight, double labelY)
    {
        Html ticks = Html.Join(axis.Ticks.Select(tick =>
        {
            double y = axis.Scale.Place(tick.Value);
            return Html.Format($"""<path class="grid" d="M{x} {y}H{gridRight}"/><text class="tick" x="{x - 7}" y="{y + 4}" """
                + $"""text-anchor="end">{tick.Text}</text>""");
        }));
        return Html.Format($"""{ticks}<text class="label y-label" x="2" y="{labelY}">{axis.Label}</text>""");
    }

    /// <summary>The same drawing for a wide and for a narrow screen, of which the style sheet shows one.</summary>
    public static Html Twice(Func<double, Html> draw) =>
        Html.Format($"""<div class="wide">{draw(WideWidth)}</div><div class="narrow">{draw(Width)}</div>""");
}
