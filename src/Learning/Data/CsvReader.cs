using System.Text;
using FlowMeter.Engine.Capture;
using FlowMeter.Engine.Text;
using FlowMeter.Native;

namespace FlowMeter.Learning.Data;

/// <summary>
/// Reads a table of separated values record by record, in memory bounded by the longest record, 64 MiB at most (RFC 4180: quotes, doubled
/// quotes, separators and line breaks inside quotes; lines end with LF or CRLF). The spans that it returns are in its buffer and valid
/// until the next <see cref="Read"/>. It owns its stream.
/// </summary>
public sealed class CsvReader : IDisposable
{
    private const int FirstBuffer = 256 << 10;
    private const int MaxRecordBytes = 64 << 20;

    private readonly Stream _stream;
    private readonly string _name;
    private readonly byte _separator;
    private readonly bool _isQuoted;
    private readonly JsonLinesStream? _json;
    private readonly bool _isParquet;
    private readonly List<(int Start, int End, bool IsQuoted, bool IsEscaped)> _fields = [];
    private byte[] _buffer = new byte[FirstBuffer];
    private int _start;
    private int _next;
    private int _filled;
    private bool _isBegun;
    private bool _isAtEnd;
    private long _lines;

    /// <summary>Reads from a stream, which the reader then owns.</summary>
    /// <param name="stream">The bytes: UTF-8, with or without a byte-order mark.</param>
    /// <param name="name">The name of the table in messages.</param>
    /// <param name="separator">The ASCII character between fields.</param>
    /// <param name="isQuoted">Whether a field may be in quotes; otherwise a quote is a character like any other.</param>
    public CsvReader(Stream stream, string name, char separator = ',', bool isQuoted = true)
    {
        _stream = stream;
        _name = name;
        _separator = (byte)separator;
        _isQuoted = isQuoted;
        _json = stream as JsonLinesStream;
        _isParquet = stream is ParquetStream;
    }

    /// <summary>The number of the record's first line, from 1.</summary>
    public long Line { get; private set; }

    /// <summary>Fields of the record.</summary>
    public int Count => _fields.Count;

    /// <summary>The record as it is in the table, without the end of its line.</summary>
    public ReadOnlySpan<byte> Record => _buffer.AsSpan(_start, RecordLength);

    /// <summary>The end of the record's line: LF, CRLF, or nothing at the end of the table.</summary>
    public ReadOnlySpan<byte> LineEnd => _buffer.AsSpan(_start + RecordLength, _next - _start - RecordLength);

    private int RecordLength { get; set; }

    /// <summary>Opens a file of records, which may be in gzip or zstd; <c>-</c> is standard input.</summary>
    /// <param name="path">The file.</param>
    /// <param name="separator">The ASCII character between fields.</param>
    /// <param name="isQuoted">Whether a field may be in quotes.</param>
    /// <param name="takesTables">Whether JSON Lines and Parquet are read, too, as tables whose header is their keys or columns.</param>
    /// <param name="progress">Counts the bytes that are read; null: disabled.</param>
    /// <param name="stop">Cancels the wait for data of a pipe, here and in <see cref="Read"/>.</param>
    /// <exception cref="DataException">There is no such file, or it may not be read.</exception>
    /// <exception cref="OperationCanceledException"><paramref name="stop"/> was cancelled while it waited; <see cref="Read"/> may throw it,
    /// too.</exception>
    public static CsvReader Open(
        string path, char separator = ',', bool isQuoted = true, bool takesTables = false, InputProgress? progress = null,
        CancellationToken stop = default)
    {
        if (Directory.Exists(path))
        {
            throw new DataException($"{path}: is a directory; name a file in it.");
        }

        try
        {
            Stream bytes = path == "-" ? PipeStream.OpenStandardInput(stop)
                : Savefile.IsStream(path) ? PipeStream.Open(() => OpenFile(path), stop)
                : OpenFile(path);
            string name = path == "-" ? "standard input" : path;
            progress ??= new InputProgress();
            if (takesTables && bytes is FileStream file && ParquetStream.Begins(file))
            {
                return new CsvReader(ParquetStream.Open(file, name, progress), name);
            }

            Stream plain = new UnpackedStream(new CountedStream(bytes, progress));
            return new CsvReader(takesTables ? new JsonLinesStream(plain, name) : plain, name, separator, isQuoted);
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new DataException($"{path}: no such file; check the path.", e);
        }
        catch (UnauthorizedAccessException e)
        {
            throw new DataException($"{path}: permission denied; make the file readable for this user.", e);
        }
        catch (IOException e)
        {
            throw new DataException($"{path}: can not be opened: {FailureReason.Of(e)}.", e);
        }
    }

    /// <summary>Reads the next record; empty lines are skipped. False at the end of the table.</summary>
    /// <exception cref="DataException">Reading fails, a quote is never closed, or a record is too long.</exception>
    public bool Read()
    {
        do
        {
            _start = _next;
            // Of a table whose header is no line of its own, the number of the row.
            Line = _lines + (_isParquet || _json is { IsJson: true } ? 0 : 1);
            if (!_isBegun)
            {
                _isBegun = true;
                SkipByteOrderMark();
            }

            if (!ReadRecord())
            {
                return false;
            }
        }
        while (RecordLength == 0);
        return true;
    }

    /// <summary>Reads on after the end: the stream has got more bytes.</summary>
    internal void Resume() => _isAtEnd = false;

    /// <summary>A field of the record without its quotes, as UTF-8; <paramref name="index"/> is below <see cref="Count"/>.</summary>
    public ReadOnlySpan<byte> Field(int index)
    {
        (int start, int end, bool isQuoted, bool isEscaped) = _fields[index];
        ReadOnlySpan<byte> field = isQuoted
            ? _buffer.AsSpan(_start + start + 1, end - start - 2)
            : _buffer.AsSpan(_start + start, end - start);
        return isEscaped ? Encoding.UTF8.GetBytes(Encoding.UTF8.GetString(field).Replace("\"\"", "\"", StringComparison.Ordinal)) : field;
    }

    /// <summary>The bytes of <see cref="Record"/> that a field takes, quotes included; the end is exclusive.</summary>
    public (int Start, int End) Place(int index) => (_fields[index].Start, _fields[index].End);

    /// <summary>A field of the record as text.</summary>
    public string Text(int index) => Encoding.UTF8.GetString(Field(index));

    /// <summary>All fields of the record as text.</summary>
    public string[] Texts() => [.. Enumerable.Range(0, Count).Select(Text)];

    /// <inheritdoc/>
    public void Dispose() => _stream.Dispose();

    private static FileStream OpenFile(string path) =>
        new(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, bufferSize: 0, FileOptions.SequentialScan);

    private void SkipByteOrderMark()
    {
        while (_filled < 3 && Fill())
        {
        }

        if (_buffer.AsSpan(0, _filled).StartsWith("\uFEFF"u8))
        {
            _start = 3;
        }
    }

    private bool ReadRecord()
    {
        _fields.Clear();
        int at = 0;
        int fieldStart = 0;
        bool inQuotes = false;
        bool wasQuoted = false;
        bool escaped = false;
        while (true)
        {
            if (_start + at >= _filled && !Fill())
            {
                if (inQuotes)
                {
                    throw new DataException($"{_name}: line {Line}: a quote is never closed; end the field with \".");
                }

                _next = _filled;
                RecordLength = at;
                AddField(fieldStart, at, wasQuoted, escaped);
                return at > 0;
            }

            byte c = _buffer[_start + at];
            if (c == '"' && _isQuoted && (inQuotes || at == fieldStart || wasQuoted))
            {
                // Inside quotes a doubled one is a quote: the second one opens again what the first one closed.
                escaped |= wasQuoted && !inQuotes;
                inQuotes = !inQuotes;
                wasQuoted = true;
            }
            else if (c == '\n')
            {
                _lines++;
                if (!inQuotes)
                {
                    int length = at > 0 && _buffer[_start + at - 1] == '\r' ? at - 1 : at;
                    _next = _start + at + 1;
                    RecordLength = length;
                    AddField(fieldStart, length, wasQuoted, escaped);
                    return true;
                }
            }
            else if (c == _separator && !inQuotes)
            {
                AddField(fieldStart, at, wasQuoted, escaped);
                fieldStart = at + 1;
                wasQuoted = false;
                escaped = false;
            }

            at++;
        }
    }

    private void AddField(int start, int end, bool wasQuoted, bool escaped)
    {
        bool isWhole = wasQuoted && end - start >= 2 && _buffer[_start + end - 1] == '"';
        _fields.Add((start, end, isWhole, isWhole && escaped));
    }

    /// <summary>
    /// Reads more bytes behind the ones in the buffer, after it moved the record to the start of the buffer. False at the end of the
    /// stream.
    /// </summary>
    private bool Fill()
    {
        if (_isAtEnd)
        {
            return false;
        }

        int kept = _filled - _start;
        if (_start > 0)
        {
            _buffer.AsSpan(_start, kept).CopyTo(_buffer);
            _start = 0;
            _filled = kept;
        }

        if (_filled == _buffer.Length)
        {
            if (_buffer.Length >= MaxRecordBytes)
            {
                throw new DataException(
                    $"{_name}: line {Line}: a row of more than {MaxRecordBytes} bytes; this is no table, or a quote is never closed.");
            }

            Array.Resize(ref _buffer, 2 * _buffer.Length);
        }

        try
        {
            int read = _stream.Read(_buffer.AsSpan(_filled));
            _filled += read;
            _isAtEnd = read == 0;
            return read > 0;
        }
        catch (Exception e) when (e is IOException or InvalidDataException or UnauthorizedAccessException or NotSupportedException
            or ZstandardException)
        {
            throw new DataException($"{_name}: can not be read: {FailureReason.Of(e)}.", e);
        }
    }
}
