namespace FlowMeter.Report.Drawing;

/// <summary>A chart with its heading, a line on how to read it, and a table of its numbers.</summary>
internal static class ChartFigure
{
    /// <summary>Creates the figure.</summary>
    /// <param name="title">The heading.</param>
    /// <param name="reading">How to read the chart.</param>
    /// <param name="drawing">The chart.</param>
    /// <param name="numbers">Its numbers, folded away below it; null for none.</param>
    /// <param name="css">The class of the figure.</param>
    public static Html Create(string title, string reading, Html drawing, DataTable? numbers = null, string css = "") => Html.Format($"""
        <figure class="chart {css}"><figcaption><h3>{title}</h3><p>{reading}</p></figcaption>{drawing}{SavedDrawing.Link(title, drawing)}{numbers?.Folded("Numbers")}</figure>

        """);
}
