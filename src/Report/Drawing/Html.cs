using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text;

namespace FlowMeter.Report.Drawing;

/// <summary>
/// Markup that is safe by how it is made: <see cref="Of"/> takes literals as they are and escapes every text that is put into them. So what comes from data (names of files, captures, columns,
/// labels, models) is never markup, and there is no other way to make some, the style sheet aside.
/// </summary>
internal sealed class Html
{
    private readonly string _markup;

    private Html(string markup) => _markup = markup;

    /// <summary>Nothing.</summary>
    public static Html Empty { get; } = new("");

    /// <summary>Whether it is nothing.</summary>
    public bool IsEmpty => _markup.Length == 0;

    /// <summary>Markup of an interpolated string: its literal parts are markup, its holes are text or markup.</summary>
    public static Html Of(HtmlText markup) => new(markup.ToString());

    /// <summary>The page's own style sheet, in which nothing is escaped.</summary>
    public static Html Style(string sheet) => new(sheet);

    /// <summary>One after the other.</summary>
    public static Html Join(IEnumerable<Html> parts) => new(string.Concat(parts.Select(part => part._markup)));

    /// <summary>
    /// Text as markup: the five characters that mean something, written out; control characters, and those that turn the direction of writing, replaced, since they can make a name look like another.
    /// </summary>
    public static string Escape(string text)
    {
        StringBuilder escaped = new(text.Length + 8);
        foreach (char c in text)
        {
            _ = c switch
            {
                '&' => escaped.Append("&amp;"),
                '<' => escaped.Append("&lt;"),
                '>' => escaped.Append("&gt;"),
                '"' => escaped.Append("&quot;"),
                '\'' => escaped.Append("&#39;"),
                _ when (char.IsControl(c) && c is not ('\t' or '\n')) || c is (>= '\u202A' and <= '\u202E') or (>= '\u2066' and <= '\u2069') or '\u200E' or '\u200F' => escaped.Append('\uFFFD'),
                _ => escaped.Append(c),
            };
        }

        return escaped.ToString();
    }

    /// <inheritdoc/>
    public override string ToString() => _markup;
}

/// <summary>Puts the parts of an interpolated string together for <see cref="Html.Of"/>.</summary>
[InterpolatedStringHandler]
internal readonly struct HtmlText(int literalLength, int holes)
{
    private readonly StringBuilder _markup = new(literalLength + (16 * holes));

    public void AppendLiteral(string markup) => _markup.Append(markup);

    public void AppendFormatted(string? text) => _markup.Append(Html.Escape(text ?? ""));

    public void AppendFormatted(Html? markup) => _markup.Append(markup);

    public void AppendFormatted(IEnumerable<Html> parts) => _markup.Append(Html.Join(parts));

    public void AppendFormatted(long number) => _markup.Append(CultureInfo.InvariantCulture, $"{number}");

    /// <summary>A place in a drawing: a tenth of a unit is less than anybody sees.</summary>
    public void AppendFormatted(double place) => _markup.Append(PathData.Number(place));

    public override string ToString() => _markup.ToString();
}
