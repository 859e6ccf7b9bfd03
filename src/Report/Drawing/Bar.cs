namespace FlowMeter.Report.Drawing;

/// <summary>Bars and intervals in the cells of a table, as wide as the cell.</summary>
internal static class Bar
{
    /// <summary>A bar.</summary>
    /// <param name="share">Its length as a share of the cell, from 0 to 1.</param>
    /// <param name="css">The class of its colour.</param>
    public static Html Draw(double share, string css) => Html.Format($"""
        <svg class="bar" viewBox="0 0 1000 10" preserveAspectRatio="none" aria-hidden="true"><path class="fill {css}" d="{PathData.Box(0, 0, Math.Clamp(share, 0, 1) * 1000, 10)}"/></svg>
        """);

    /// <summary>A value between 0 and 1 with its interval; empty for no value.</summary>
    public static Html DrawInterval(double? value, double? low, double? high, string css)
    {
        if (value is not double at)
        {
            return Html.Empty;
        }

        (double from, double to) = (1000 * Math.Clamp(low ?? at, 0, 1), 1000 * Math.Clamp(high ?? at, 0, 1));
        return Html.Format($"""
            <svg class="bar interval" viewBox="-8 0 1016 10" preserveAspectRatio="none" aria-hidden="true"><path class="track" d="M0 5H1000"/><path class="fill {css} pale" d="{PathData.Box(from, 3, to - from, 4)}"/><path class="fill {css}" d="{PathData.Box((1000 * at) - 4, 0.5, 8, 9)}"/></svg>
            """);
    }
}
