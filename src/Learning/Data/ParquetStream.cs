using System.Buffers;
using FlowMeter.Engine.Capture;
using Parquet;
using Parquet.Meta;

namespace FlowMeter.Learning.Data;

/// <summary>
/// A Parquet file as CSV: a header with the names of its columns, then a row for each of its. Null is nothing, times are RFC 3339 text in
/// UTC with nine decimals. Memory is bounded by the largest row group.
/// </summary>
internal sealed class ParquetStream : ReadOnlyStream
{
    private const int RowsAtOnce = 256;

    private readonly Stream _file;
    private readonly string _name;
    private readonly InputProgress _progress;
    private readonly ParquetReader _reader;
    private readonly ParquetColumn[] _columns;
    private readonly ArrayBufferWriter<byte> _rows = new();
    private int _given;
    private int _group;
    private long _rowsLeft;

    private ParquetStream(Stream file, string name, InputProgress progress, ParquetReader reader)
    {
        (_file, _name, _progress, _reader) = (file, name, progress, reader);
        List<SchemaElement> elements = reader.Metadata!.Schema;
        _columns = [.. reader.Schema.Fields.Select((field, i) => ParquetColumn.Of(field, elements[i + 1])
            ?? throw new DataException($"{name}: the column {field.Name} has no numbers, times or texts; leave it out."))];
        WriteRow((column, to) => ParquetColumn.WriteText(column.Name, to));
    }

    /// <summary>Begins files of this format.</summary>
    public static ReadOnlySpan<byte> FileMark => "PAR1"u8;

    /// <summary>Whether a file begins as one of this format; it is at its beginning afterwards.</summary>
    public static bool Begins(FileStream file)
    {
        byte[] start = new byte[FileMark.Length];
        int length = file.ReadAtLeast(start, start.Length, throwOnEndOfStream: false);
        file.Position = 0;
        return start.AsSpan(0, length).SequenceEqual(FileMark);
    }

    /// <summary>Opens a file, which the stream then owns.</summary>
    /// <param name="file">The file; it can seek.</param>
    /// <param name="name">The name of the table in messages.</param>
    /// <param name="progress">Counts the bytes of what was read.</param>
    /// <exception cref="DataException">It is damaged, or has columns that are no single values.</exception>
    public static ParquetStream Open(Stream file, string name, InputProgress progress)
    {
        try
        {
            byte[] end = new byte[FileMark.Length];
            file.Seek(-end.Length, SeekOrigin.End);
            file.ReadExactly(end);
            if (!end.AsSpan().SequenceEqual(FileMark))
            {
                throw new DataException($"{name}: is a Parquet file without its end; whoever writes it has not ended, or it was cut off.");
            }

            return new ParquetStream(file, name, progress, ParquetReader.CreateAsync(file).GetAwaiter().GetResult());
        }
        catch (Exception e) when (IsDamage(e))
        {
            file.Dispose();
            throw Damaged(name, e);
        }
    }

    /// <inheritdoc/>
    /// <exception cref="DataException">The file is damaged.</exception>
    public override int Read(Span<byte> buffer)
    {
        while (_given == _rows.WrittenCount)
        {
            _rows.ResetWrittenCount();
            _given = 0;
            try
            {
                if (_rowsLeft == 0 && !TryReadGroup())
                {
                    return 0;
                }

                for (int i = 0; i < RowsAtOnce && _rowsLeft > 0; i++, _rowsLeft--)
                {
                    WriteRow((column, to) => column.WriteNext(to));
                }
            }
            catch (Exception e) when (IsDamage(e))
            {
                throw Damaged(_name, e);
            }
        }

        int count = Math.Min(buffer.Length, _rows.WrittenCount - _given);
        _rows.WrittenSpan.Slice(_given, count).CopyTo(buffer);
        _given += count;
        return count;
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _file.Dispose();
        }

        base.Dispose(disposing);
    }

    /// <summary>Whatever the library throws of a file that was written by nobody knows whom.</summary>
    private static bool IsDamage(Exception e) => e is not (DataException or OperationCanceledException);

    private static DataException Damaged(string name, Exception e) =>
        new($"{name}: is a Parquet file that can not be read ({e.Message.TrimEnd('.')}); write it again.", e);

    private bool TryReadGroup()
    {
        if (_group == _reader.RowGroupCount)
        {
            return false;
        }

        using ParquetRowGroupReader group = _reader.OpenRowGroupReader(_group);
        Array.ForEach(_columns, column => column.Load(group));
        _rowsLeft = group.RowCount;
        _group++;
        _progress.Add((_file.Length * _group / _reader.RowGroupCount) - (_file.Length * (_group - 1) / _reader.RowGroupCount));
        return true;
    }

    private void WriteRow(Action<ParquetColumn, IBufferWriter<byte>> write)
    {
        for (int i = 0; i < _columns.Length; i++)
        {
            if (i > 0)
            {
                _rows.Write(","u8);
            }

            write(_columns[i], _rows);
        }

        _rows.Write("\n"u8);
    }
}
