using System.Buffers;
using System.Text;
using FlowMeter.Engine.Output;

namespace FlowMeter.Learning.Queries;

/// <summary>Writes the rows of a query as CSV (RFC 4180, lines end with LF).</summary>
/// <param name="output">Where they go; stays the caller's.</param>
public sealed class CsvResult(RowOutput output) : IResultSink
{
    private const int FlushFrom = 256 << 10;

    private static readonly SearchValues<byte> s_quoted = SearchValues.Create(",\"\r\n"u8);

    private readonly ArrayBufferWriter<byte> _rows = new(FlushFrom);

    /// <inheritdoc/>
    public void Begin(IReadOnlyList<QueryColumn> columns)
    {
        FieldRow header = new();
        foreach (QueryColumn column in columns)
        {
            header.Add(Encoding.UTF8.GetBytes(column.Name));
        }

        WriteRow(header);
        output.Begin(_rows.WrittenSpan);
        _rows.ResetWrittenCount();
    }

    /// <inheritdoc/>
    public void Add(FieldRow row)
    {
        WriteRow(row);
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

    private void WriteRow(FieldRow row)
    {
        for (int i = 0; i < row.Count; i++)
        {
            _rows.Write(i == 0 ? [] : ","u8);
            ReadOnlySpan<byte> field = row[i];

            // An only field that is empty would be an empty line, which is no row.
            if (field.ContainsAny(s_quoted) || (field.IsEmpty && row.Count == 1))
            {
                WriteQuoted(field);
            }
            else
            {
                _rows.Write(field);
            }
        }

        _rows.Write("\n"u8);
    }

    private void WriteQuoted(ReadOnlySpan<byte> field)
    {
        _rows.Write("\""u8);
        for (int quote; (quote = field.IndexOf((byte)'"')) >= 0; field = field[(quote + 1)..])
        {
            _rows.Write(field[..quote]);
            _rows.Write("\"\""u8);
        }

        _rows.Write(field);
        _rows.Write("\""u8);
    }
}
