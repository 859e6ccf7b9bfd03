using System.Buffers;
using System.Globalization;
using FlowMeter.Engine.Features;
using FlowMeter.Engine.Text;

namespace FlowMeter.Engine.Export;

/// <summary>Writes batches as CSV, as <see cref="CsvSink"/> writes flows. Texts of anybody: what needs quotes has them.</summary>
internal sealed class CsvBatchEncoder : BatchEncoder
{
    private static readonly SearchValues<byte> s_quoted = SearchValues.Create(",\"\r\n"u8);

    private readonly ArrayBufferWriter<byte> _rows = new();
    private TimestampText _times;

    /// <summary>The line with the names.</summary>
    public static byte[] Header(BatchSchema schema)
    {
        ArrayBufferWriter<byte> line = new();
        foreach (BatchField field in schema.Fields)
        {
            WriteText(System.Text.Encoding.UTF8.GetBytes(field.Name), line);
            line.Write(","u8);
        }

        return [.. line.WrittenSpan[..^1], (byte)'\n'];
    }

    /// <inheritdoc/>
    public override ReadOnlySpan<byte> Encode(IReadOnlyList<BatchColumn> columns, int count)
    {
        _rows.ResetWrittenCount();
        for (int row = 0; row < count; row++)
        {
            for (int i = 0; i < columns.Count; i++)
            {
                if (i > 0)
                {
                    _rows.Write(","u8);
                }

                Write(columns[i], row);
            }

            _rows.Write("\n"u8);
        }

        return _rows.WrittenSpan;
    }

    private static void WriteText(ReadOnlySpan<byte> text, ArrayBufferWriter<byte> to)
    {
        if (!text.ContainsAny(s_quoted))
        {
            to.Write(text);
            return;
        }

        to.Write("\""u8);
        for (int quote; (quote = text.IndexOf((byte)'"')) >= 0; text = text[(quote + 1)..])
        {
            to.Write(text[..(quote + 1)]);
            to.Write("\""u8);
        }

        to.Write(text);
        to.Write("\""u8);
    }

    private void Write(BatchColumn column, int row)
    {
        switch (column.Field.Type)
        {
            case ColumnType.Integer:
                ((long)column.ValuesOf(row + 1)[row]).TryFormat(_rows.GetSpan(32), out int digits, default, CultureInfo.InvariantCulture);
                _rows.Advance(digits);
                break;
            case ColumnType.Double:
                double value = BitConverter.UInt64BitsToDouble(column.ValuesOf(row + 1)[row]);
                _rows.Advance(ShortestDouble.Format(_rows.GetSpan(ShortestDouble.MaxLength), value));
                break;
            case ColumnType.Time:
                _rows.Advance(_times.Format(_rows.GetSpan(TimestampText.MaxLength), (long)column.ValuesOf(row + 1)[row]));
                break;
            default:
                WriteText(column.TextAt(row), _rows);
                break;
        }
    }
}
