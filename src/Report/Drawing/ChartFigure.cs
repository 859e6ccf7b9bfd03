namespace FlowMeter.Report.Drawing;

/// <summary>A chart with its heading, a line on how to read it, and the table of its numbers.</summary>
internal static class ChartFigure
{
    public static Html Of(string title, string reading, Html drawing, DataTable? numbers = null, string css = "") => Html.Of($"""
        <figure class="chart {css}"><figcaption><h3>{title}</h3><p>{reading}</p></figcaption>{drawing}{numbers?.Folded("Numbers")}</figure>

        """);
}
