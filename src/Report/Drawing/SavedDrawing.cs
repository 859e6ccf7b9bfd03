using System.Text;

namespace FlowMeter.Report.Drawing;

/// <summary>
/// A chart as a file of its own: a link that has the whole SVG in it, with its style, since the page runs no script and loads nothing.
/// </summary>
internal static class SavedDrawing
{
    private const string Begin = "<svg ";
    private const string End = "</svg>";

    /// <summary>The link; empty where there is no drawing.</summary>
    /// <param name="title">The chart's heading, which the file is named for.</param>
    /// <param name="drawing">The chart; of one that is drawn for several widths, the first is saved.</param>
    public static Html Link(string title, Html drawing)
    {
        string markup = drawing.ToString();
        int begin = markup.IndexOf(Begin, StringComparison.Ordinal);
        int end = begin < 0 ? -1 : markup.IndexOf(End, begin, StringComparison.Ordinal);
        if (end < 0)
        {
            return Html.Empty;
        }

        int open = markup.IndexOf('>', begin) + 1;
        string file = $"<svg xmlns=\"http://www.w3.org/2000/svg\" {markup[(begin + Begin.Length)..open]}<style>{StyleSheet.OfCharts}"
            + $"svg {{ background: var(--paper); }}</style>{markup[open..end]}{End}";
        string data = Convert.ToBase64String(Encoding.UTF8.GetBytes(file));
        return Html.Format($"""<a class="save" download="{FileName(title)}" href="data:image/svg+xml;base64,{data}" """
            + $"""aria-label="Save {title} as SVG">SVG</a>""");
    }

    private static string FileName(string title) =>
        string.Join('-', new string([.. title.ToLowerInvariant().Select(letter => char.IsAsciiLetterOrDigit(letter) ? letter : ' ')])
            .Split(' ', StringSplitOptions.RemoveEmptyEntries)) + ".svg";
}
