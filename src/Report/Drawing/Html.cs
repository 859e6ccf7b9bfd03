using System.Text;

namespace FlowMeter.Report.Drawing;

/// <summary>
/// Markup that is safe by construction: <see cref="Format"/> takes the literal parts of a string as markup and escapes every text in its
/// holes. So text from data (names of files, captures, columns, labels, models) is never markup. But for the style sheet there is no other
/// way to make markup.
/// </summary>
internal sealed class Html
{
    private readonly string _markup;

    private Html(string markup) => _markup = markup;

    /// <summary>No markup.</summary>
    public static Html Empty { get; } = new("");

    /// <summary>Whether there is no markup.</summary>
    public bool IsEmpty => _markup.Length == 0;

    /// <summary>
    /// The markup of an interpolated string: literal parts are markup; holes are text, which is escaped, numbers, or markup.
    /// </summary>
    public static Html Format(HtmlText markup) => new(markup.ToString());

    /// <summary>The style sheet of the page, in which nothing is escaped.</summary>
    public static Html Style(string sheet) => new(sheet);

    /// <summary>Several pieces of markup as one.</summary>
    public static Html Join(IEnumerable<Html> parts) => new(string.Concat(parts.Select(part => part._markup)));

    /// <summary>
    /// Text as markup: the five characters with a meaning become entities. Control characters, and those that change the direction of
    /// writing, are replaced, since they can make a name look like another.
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
                _ when (char.IsControl(c) && c is not ('\t' or '\n')) || c is (>= '\u202A'
                    and <= '\u202E') or (>= '\u2066' and <= '\u2069') or '\u200E' or '\u200F' => escaped.Append('\uFFFD'),
                _ => escaped.Append(c),
            };
        }

        return escaped.ToString();
    }

    /// <inheritdoc/>
    public override string ToString() => _markup;
}
