namespace FlowMeter.Report.Drawing;

/// <summary>Bars and intervals that fill a table's cell, as wide as the cell is.</summary>
internal static class Bar
{
    /// <summary>A bar of this share of the cell.</summary>
    public static Html Of(double share, string css) => Html.Of($"""
        <svg class="bar" viewBox="0 0 1000 10" preserveAspectRatio="none" aria-hidden="true"><path class="fill {css}" d="{PathData.Box(0, 0, Math.Clamp(share, 0, 1) * 1000, 10)}"/></svg>
        """);

    /// <summary>A value between 0 and 1 with its interval.</summary>
    public static Html Interval(double? value, double? low, double? high, string css)
    {
        if (value is not double at)
        {
            return Html.Empty;
        }

        (double from, double to) = (1000 * Math.Clamp(low ?? at, 0, 1), 1000 * Math.Clamp(high ?? at, 0, 1));
        return Html.Of($"""
            <svg class="bar interval" viewBox="-8 0 1016 10" preserveAspectRatio="none" aria-hidden="true"><path class="track" d="M0 5H1000"/><path class="fill {css} pale" d="{PathData.Box(from, 3, to - from, 4)}"/><path class="fill {css}" d="{PathData.Box((1000 * at) - 4, 0.5, 8, 9)}"/></svg>
            """);
    }
}
