using System.Buffers;
using System.Text.Json;
using FlowMeter.Engine.Output;
using FlowMeter.Learning.Data;

namespace FlowMeter.Learning.Queries;

/// <summary>
/// Writes the rows of a query as JSON Lines. A number is written as the table has it, a missing value as null; of columns about which
/// nothing is known, what reads as a number is one.
/// </summary>
/// <param name="output">Where they go; stays the caller's.</param>
public sealed class JsonLinesResult(RowOutput output) : IResultSink
{
    private const int FlushFrom = 256 << 10;

    private readonly ArrayBufferWriter<byte> _rows = new(FlushFrom);
    private (JsonEncodedText Name, QueryKind Kind)[] _columns = [];

    /// <inheritdoc/>
    public void Begin(IReadOnlyList<QueryColumn> columns)
    {
        _columns = [.. columns.Select(column => (JsonEncodedText.Encode(column.Name), column.Kind))];
        output.Begin([]);
    }

    /// <inheritdoc/>
    public void Add(FieldRow row)
    {
        using (Utf8JsonWriter json = new(_rows))
        {
            json.WriteStartObject();
            for (int i = 0; i < row.Count; i++)
            {
                json.WritePropertyName(_columns[i].Name);
                WriteValue(json, row[i], _columns[i].Kind);
            }

            json.WriteEndObject();
        }

        _rows.Write("\n"u8);
        if (_rows.WrittenCount >= FlushFrom)
        {
            Flush();
        }
    }

    /// <inheritdoc/>
    public void Flush()
    {
        if (_rows.WrittenCount > 0)
        {
            output.Write(_rows.WrittenSpan);
            _rows.ResetWrittenCount();
        }
    }

    private static void WriteValue(Utf8JsonWriter json, ReadOnlySpan<byte> field, QueryKind kind)
    {
        bool isNumber = kind is QueryKind.Number or QueryKind.Any;
        if (field.IsEmpty || (isNumber && NumberText.TryParse(field, out double number) && !double.IsFinite(number)))
        {
            json.WriteNullValue();
        }
        else if (isNumber && IsJsonNumber(field))
        {
            json.WriteRawValue(field, skipInputValidation: true);
        }
        else
        {
            json.WriteStringValue(System.Text.Encoding.UTF8.GetString(field));
        }
    }

    /// <summary>Whether a field is a number in JSON's own spelling (RFC 8259 §6).</summary>
    private static bool IsJsonNumber(ReadOnlySpan<byte> field)
    {
        ReadOnlySpan<byte> rest = field.StartsWith("-"u8) ? field[1..] : field;
        bool startsWithZero = rest.StartsWith("0"u8);
        if (!SkipDigits(ref rest, out int whole) || (startsWithZero && whole > 1)
            || (rest.StartsWith("."u8) && !SkipDigits(ref rest, out _, skipped: 1)))
        {
            return false;
        }

        if (rest is [(byte)'e' or (byte)'E', ..])
        {
            int sign = rest is [_, (byte)'+' or (byte)'-', ..] ? 1 : 0;
            return SkipDigits(ref rest, out _, skipped: 1 + sign) && rest.IsEmpty;
        }

        return rest.IsEmpty;
    }

    /// <summary>Skips some characters, and digits, of which there must be one.</summary>
    private static bool SkipDigits(ref ReadOnlySpan<byte> text, out int digits, int skipped = 0)
    {
        text = text[skipped..];
        digits = text.IndexOfAnyExceptInRange((byte)'0', (byte)'9');
        digits = digits < 0 ? text.Length : digits;
        text = text[digits..];
        return digits > 0;
    }
}
