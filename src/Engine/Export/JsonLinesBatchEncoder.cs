using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;
using FlowMeter.Engine.Features;
using FlowMeter.Engine.Text;

namespace FlowMeter.Engine.Export;

/// <summary>Writes batches as JSON Lines, as <see cref="JsonLinesSink"/> writes flows. Texts of anybody: what needs escaping is escaped.
/// </summary>
internal sealed class JsonLinesBatchEncoder : BatchEncoder
{
    private readonly ArrayBufferWriter<byte> _rows = new();
    private readonly byte[] _text = new byte[Math.Max(ShortestDouble.MaxLength, TimestampText.MaxLength)];
    private readonly JsonEncodedText[] _keys;
    private readonly Utf8JsonWriter _json;
    private TimestampText _times;

    /// <summary>Makes an encoder.</summary>
    /// <param name="schema">What a batch is made of.</param>
    public JsonLinesBatchEncoder(BatchSchema schema)
    {
        JavaScriptEncoder escapes = JavaScriptEncoder.UnsafeRelaxedJsonEscaping;
        _keys = [.. schema.Fields.Select(field => JsonEncodedText.Encode(field.Name, escapes))];
        _json = new Utf8JsonWriter(_rows, new JsonWriterOptions { Encoder = escapes });
    }

    /// <inheritdoc/>
    public override ReadOnlySpan<byte> Encode(IReadOnlyList<BatchColumn> columns, int count)
    {
        _rows.ResetWrittenCount();
        for (int row = 0; row < count; row++)
        {
            _json.Reset();
            _json.WriteStartObject();
            for (int i = 0; i < columns.Count; i++)
            {
                _json.WritePropertyName(_keys[i]);
                Write(columns[i], row);
            }

            _json.WriteEndObject();
            _json.Flush();
            _rows.Write("\n"u8);
        }

        return _rows.WrittenSpan;
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        _json.Dispose();
        base.Dispose(disposing);
    }

    private void Write(BatchColumn column, int row)
    {
        if (column.Field.IsText)
        {
            if (column.TextAt(row) is { IsEmpty: false } text)
            {
                _json.WriteStringValue(text);
            }
            else
            {
                _json.WriteNullValue();
            }

            return;
        }

        ulong bits = column.ValuesOf(row + 1)[row];
        switch (column.Field.Type)
        {
            case ColumnType.Integer:
                _json.WriteNumberValue((long)bits);
                break;
            case ColumnType.Time:
                _json.WriteStringValue(_text.AsSpan(0, _times.Format(_text, (long)bits)));
                break;
            case ColumnType.Double when BitConverter.UInt64BitsToDouble(bits) is var value && double.IsFinite(value):
                _json.WriteRawValue(_text.AsSpan(0, ShortestDouble.Format(_text, value)), skipInputValidation: true);
                break;
            default:
                _json.WriteNullValue();
                break;
        }
    }
}
