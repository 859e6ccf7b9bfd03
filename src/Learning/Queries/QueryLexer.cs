using System.Buffers;
using System.Text;

namespace FlowMeter.Learning.Queries;

/// <summary>
/// Takes an expression apart. Words end at blanks, parentheses, commas, quotes and operators, so that addresses, networks, times and
/// numbers with units are one word each. Text in single or double quotes stands as it is, but for a backslash before such a quote.
/// </summary>
/// <param name="text">The expression.</param>
internal sealed class QueryLexer(string text)
{
    private static readonly SearchValues<char> s_ends = SearchValues.Create(" \t\r\n(),'\"=!<>~");

    private int _at;

    /// <summary>The next piece; again and again <see cref="QueryTokenKind.End"/> at the end.</summary>
    /// <exception cref="QueryException">A quote is never closed, or there is no such operator.</exception>
    public QueryToken Next()
    {
        while (_at < text.Length && char.IsWhiteSpace(text[_at]))
        {
            _at++;
        }

        int start = _at;
        if (start == text.Length)
        {
            return new QueryToken(QueryTokenKind.End, "", start, 1);
        }

        return text[start] switch
        {
            '(' => Single(QueryTokenKind.Open),
            ')' => Single(QueryTokenKind.Close),
            ',' => Single(QueryTokenKind.Comma),
            '\'' or '"' => Quoted(text[start]),
            '=' or '!' or '<' or '>' or '~' => Operator(),
            _ => Word(),
        };
    }

    private QueryToken Single(QueryTokenKind kind) => new(kind, text[_at].ToString(), _at++, 1);

    private QueryToken Word()
    {
        int start = _at;
        int length = text.AsSpan(start).IndexOfAny(s_ends);
        _at = length < 0 ? text.Length : start + length;
        return new QueryToken(QueryTokenKind.Word, text[start.._at], start, _at - start);
    }

    private QueryToken Quoted(char quote)
    {
        int start = _at++;
        StringBuilder value = new();
        for (; _at < text.Length; _at++)
        {
            char c = text[_at];
            if (c == quote)
            {
                _at++;
                return new QueryToken(QueryTokenKind.Quoted, value.ToString(), start, _at - start);
            }

            if (c == '\\' && _at + 1 < text.Length && text[_at + 1] == quote)
            {
                c = text[++_at];
            }

            value.Append(c);
        }

        throw new QueryException($"the quote is never closed; end the text with {quote}", start, 1);
    }

    private QueryToken Operator()
    {
        int start = _at;
        int length = text.AsSpan(start, Math.Min(2, text.Length - start)) switch
        {
            "==" or "!=" or "<=" or ">=" => 2,
            ['<' or '>' or '~', ..] => 1,
            ['=', ..] => throw new QueryException("= is no comparison; write == for equal", start, 1),
            _ => throw new QueryException("! is no comparison; write != for unequal, or not before a condition", start, 1),
        };
        _at += length;
        return new QueryToken(QueryTokenKind.Operator, text.Substring(start, length), start, length);
    }
}
