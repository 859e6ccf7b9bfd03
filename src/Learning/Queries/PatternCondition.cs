using System.Text;
using System.Text.RegularExpressions;
using FlowMeter.Learning.Data;

namespace FlowMeter.Learning.Queries;

/// <summary>
/// Whether a value of a row has a part that matches a regular expression. The time that it takes grows with the length of the value and no
/// faster, whatever the expression: there is no backtracking, and so no back references and no looking around.
/// </summary>
internal sealed class PatternCondition : Condition
{
    private const int MaxPattern = 1000;

    // States of the automaton, as counted by the runtime: a{1000}{1000} would take gigabytes.
    private const string SizeLimit = "REGEX_NONBACKTRACKING_MAX_AUTOMATA_SIZE";
    private const int MaxSize = 20_000;

    private readonly QueryColumn _column;
    private readonly Regex _pattern;
    private char[] _text = new char[256];

    private PatternCondition(QueryColumn column, Regex pattern) => (_column, _pattern) = (column, pattern);

    /// <summary>Compiles an expression.</summary>
    /// <param name="column">The column.</param>
    /// <param name="pattern">The token of the expression.</param>
    /// <exception cref="QueryException">It is no regular expression, or needs backtracking.</exception>
    public static PatternCondition Create(QueryColumn column, QueryToken pattern) => new(column, Compile(pattern));

    /// <summary>Compiles an expression alone.</summary>
    /// <exception cref="QueryException">It is no regular expression, or needs backtracking.</exception>
    public static Regex Compile(QueryToken pattern)
    {
        if (pattern.Text.Length > MaxPattern)
        {
            throw pattern.Wrong($"a regular expression has at most {MaxPattern} characters");
        }

        AppContext.SetData(SizeLimit, MaxSize);
        try
        {
            return new Regex(pattern.Text, RegexOptions.NonBacktracking | RegexOptions.CultureInvariant);
        }
        catch (RegexParseException e)
        {
            throw pattern.Wrong($"is no regular expression: {e.Message.TrimEnd('.')}");
        }
        catch (NotSupportedException)
        {
            throw pattern.Wrong("is too large, or refers back or looks around, which no expression here can; write a simpler one");
        }
    }

    /// <inheritdoc/>
    public override bool Matches(FlowTableReader row)
    {
        ReadOnlySpan<byte> field = row.Field(_column.Number);
        if (field.Length > _text.Length)
        {
            _text = new char[Math.Max(2 * _text.Length, field.Length)];
        }

        // No character of UTF-16 takes less than a byte of UTF-8, damaged or not.
        return _pattern.IsMatch(_text.AsSpan(0, Encoding.UTF8.GetChars(field, _text)));
    }
}
