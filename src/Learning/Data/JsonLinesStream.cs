using System.Text;
using System.Text.Json;
using FlowMeter.Engine.Capture;

namespace FlowMeter.Learning.Data;

/// <summary>
/// A table of JSON Lines as CSV: a header with the keys of the first object, then a row for each object, whose keys may come in any order,
/// and may be missing. null is nothing, numbers and texts are as they stand. A stream that does not begin with an object is handed on as it
/// is. Memory is bounded by the longest line.
/// </summary>
/// <param name="lines">The table; disposed with this stream.</param>
/// <param name="name">The name of the table in messages.</param>
internal sealed class JsonLinesStream(Stream lines, string name) : ReadOnlyStream
{
    private const int FirstBuffer = 64 << 10;
    private const int MaxLineBytes = 64 << 20;

    private readonly MemoryStream _rows = new();
    private readonly List<byte[]> _keys = [];
    private readonly Dictionary<string, int> _places = [];
    private string[] _cells = [];
    private byte[] _buffer = new byte[FirstBuffer];
    private int _start;
    private int _end;
    private int _given;
    private long _line;
    private long _firstLine;
    private bool _isBegun;
    private bool _isAtEnd;

    /// <summary>Whether it is JSON; known once something has been read.</summary>
    public bool IsJson { get; private set; }

    /// <inheritdoc/>
    /// <exception cref="DataException">A line is no object of values, or has another key than the first.</exception>
    public override int Read(Span<byte> buffer)
    {
        if (!_isBegun)
        {
            _isBegun = true;
            while ((_end < ParquetStream.FileMark.Length || _buffer.AsSpan(0, _end).TrimStart(" \t\r\n"u8).IsEmpty) && Fill())
            {
            }

            if (_buffer.AsSpan(0, _end).StartsWith(ParquetStream.FileMark))
            {
                throw new DataException($"{name}: is a Parquet file, which is read from its end; name the file itself, not compressed.");
            }

            IsJson = _buffer.AsSpan(0, _end).TrimStart(" \t\r\n"u8) is [(byte)'{', ..];
        }

        if (!IsJson)
        {
            return ReadPlain(buffer);
        }

        while (_given == _rows.Length)
        {
            _rows.SetLength(0);
            _given = 0;
            if (!ConvertLine())
            {
                return 0;
            }
        }

        int count = Math.Min(buffer.Length, (int)_rows.Length - _given);
        _rows.GetBuffer().AsSpan(_given, count).CopyTo(buffer);
        _given += count;
        return count;
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            lines.Dispose();
        }

        base.Dispose(disposing);
    }

    private int ReadPlain(Span<byte> buffer)
    {
        if (_start == _end)
        {
            return lines.Read(buffer);
        }

        int count = Math.Min(buffer.Length, _end - _start);
        _buffer.AsSpan(_start, count).CopyTo(buffer);
        _start += count;
        return count;
    }

    /// <summary>Makes a row of the next line, if it is not empty. False at the end.</summary>
    private bool ConvertLine()
    {
        int length;
        while ((length = _buffer.AsSpan(_start, _end - _start).IndexOf((byte)'\n')) < 0 && Fill())
        {
        }

        bool isLast = length < 0;
        ReadOnlySpan<byte> line = _buffer.AsSpan(_start, isLast ? _end - _start : length);
        _start = isLast ? _end : _start + length + 1;
        _line++;
        line = line.Trim(" \t\r"u8);
        if (!line.IsEmpty)
        {
            Convert(line);
        }

        return !isLast || !line.IsEmpty;
    }

    private void Convert(ReadOnlySpan<byte> line)
    {
        try
        {
            Utf8JsonReader json = new(line);
            json.Read();
            if (json.TokenType != JsonTokenType.StartObject)
            {
                throw Wrong("is no JSON object");
            }

            Array.Fill(_cells, "");
            for (int next = 0; json.Read() && json.TokenType == JsonTokenType.PropertyName; next++)
            {
                int place = PlaceOf(ref json, next);
                json.Read();
                _cells[place] = TextOf(ref json, place);
            }

            if (json.Read())
            {
                throw Wrong("has something behind its JSON object");
            }
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            throw Wrong($"is no JSON object: {e.Message.Split(". ")[0]}");
        }

        if (_line == _firstLine)
        {
            WriteRow(_keys.Select(Encoding.UTF8.GetString));
        }

        WriteRow(_cells);
    }

    private int PlaceOf(ref Utf8JsonReader json, int next)
    {
        if (next < _keys.Count && json.ValueTextEquals(_keys[next]))
        {
            return next;
        }

        string key = json.GetString()!;
        if (_places.TryGetValue(key, out int place))
        {
            return place;
        }

        _firstLine = _firstLine == 0 ? _line : _firstLine;
        if (_firstLine != _line)
        {
            throw Wrong($"has the key '{key}', which the first object has not");
        }

        place = _keys.Count;
        _keys.Add(Encoding.UTF8.GetBytes(key));
        _places.Add(key, place);
        Array.Resize(ref _cells, _keys.Count);
        return place;
    }

    private string TextOf(ref Utf8JsonReader json, int place) => json.TokenType switch
    {
        JsonTokenType.String => json.GetString()!,
        JsonTokenType.Number => Encoding.UTF8.GetString(json.ValueSpan),
        JsonTokenType.Null => "",
        JsonTokenType.True => "true",
        JsonTokenType.False => "false",
        _ => throw Wrong($"has no single value for '{Encoding.UTF8.GetString(_keys[place])}'"),
    };

    private void WriteRow(IEnumerable<string> cells)
    {
        bool isFirst = true;
        foreach (string cell in cells)
        {
            string text = cell.AsSpan().ContainsAny(",\"\r\n") ? $"\"{cell.Replace("\"", "\"\"", StringComparison.Ordinal)}\"" : cell;
            _rows.Write(isFirst ? [] : ","u8);
            _rows.Write(Encoding.UTF8.GetBytes(text));
            isFirst = false;
        }

        _rows.WriteByte((byte)'\n');
    }

    private DataException Wrong(string what) => new($"{name}: line {_line}: {what}; mend or remove the line.");

    private bool Fill()
    {
        if (_isAtEnd)
        {
            return false;
        }

        _buffer.AsSpan(_start, _end - _start).CopyTo(_buffer);
        (_start, _end) = (0, _end - _start);
        if (_end == _buffer.Length)
        {
            Array.Resize(ref _buffer, _buffer.Length < MaxLineBytes
                ? 2 * _buffer.Length
                : throw Wrong($"has more than {MaxLineBytes} bytes"));
        }

        int read = lines.Read(_buffer.AsSpan(_end));
        _end += read;
        _isAtEnd = read == 0;
        return read > 0;
    }
}
