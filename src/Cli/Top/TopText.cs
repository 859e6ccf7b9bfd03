using System.Text;

namespace FlowMeter.Cli.Top;

/// <summary>
/// Texts as cells of a terminal: every character fills one column. What a terminal obeys, what joins another character and what fills two
/// columns becomes a question mark, since names of files, interfaces and features are anybody's.
/// </summary>
/// <param name="hasUnicode">Whether more than ASCII is shown.</param>
internal sealed class TopText(bool hasUnicode)
{
    private const char FirstThatMayJoin = '\u0300';

    /// <summary>A text of as many columns, cut or filled up.</summary>
    public string Fit(string text, int width, bool isRight = false)
    {
        StringBuilder cell = new(width);
        foreach (char c in text.AsSpan(0, Math.Min(text.Length, width)))
        {
            cell.Append(Shown(c));
        }

        if (text.Length > width && width > 0)
        {
            cell[^1] = hasUnicode ? '…' : '~';
        }

        return isRight ? cell.ToString().PadLeft(width) : cell.ToString().PadRight(width);
    }

    private char Shown(char c) => c switch
    {
        >= ' ' and <= '~' => c,
        '\u00A0' => ' ',
        '–' or '−' => hasUnicode ? c : '-',
        'µ' => hasUnicode ? c : 'u',
        '→' => hasUnicode ? c : '>',
        _ when hasUnicode && c is > '\u00A0' and < FirstThatMayJoin and not '\u00AD' => c,
        _ => '?',
    };
}
