using System.Text;
using FlowMeter.Learning.Data;

namespace FlowMeter.Learning.Queries;

/// <summary>Whether a value of a row is this text, byte for byte, or but for the case of ASCII letters.</summary>
internal sealed class TextCondition : Condition
{
    private readonly QueryColumn _column;
    private readonly byte[] _text;
    private readonly bool _ignoresCase;

    /// <summary>Takes note of a text.</summary>
    /// <param name="column">The column.</param>
    /// <param name="text">The text.</param>
    /// <param name="ignoresCase">Whether the case of letters does not count.</param>
    public TextCondition(QueryColumn column, string text, bool ignoresCase = false) =>
        (_column, _text, _ignoresCase) = (column, Encoding.UTF8.GetBytes(text), ignoresCase);

    /// <inheritdoc/>
    public override bool Matches(FlowTableReader row) => _ignoresCase
        ? Ascii.EqualsIgnoreCase(row.Field(_column.Number), _text)
        : row.Field(_column.Number).SequenceEqual(_text);
}
