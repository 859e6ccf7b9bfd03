using System.Text;
using FlowMeter.Engine.Capture;

namespace FlowMeter.Learning.Data;

/// <summary>
/// Reads a flow table row by row: a header, then rows that have as many fields as the header. A line that repeats the header (tables joined
/// with cat, a named pipe with one header for each reader) is skipped. Memory is bounded by the longest row. Spans are valid until the next
/// <see cref="Read"/>. It owns its reader.
/// </summary>
public sealed class FlowTableReader : IDisposable
{
    // A byte-order mark, blanks and a quote may be before a name.
    private const int MaxBefore = 8;

    private readonly CsvReader _reader;
    private readonly Action<string> _tell;
    private readonly CancellationToken _stop;
    private readonly ReadOnlyMemory<byte> _firstName;
    private bool _isOfNumbers;
    private long _beginnings;
    private long _lastBeginning;

    /// <summary>Reads the header from <paramref name="reader"/>, which the table then owns.</summary>
    /// <param name="reader">The records.</param>
    /// <param name="name">The name of the table in messages.</param>
    /// <param name="tell">Receives one line for each oddity that is no failure.</param>
    /// <param name="stop">Cancels the reading.</param>
    /// <exception cref="DataException">There is no header, or it is no text.</exception>
    internal FlowTableReader(CsvReader reader, string name, Action<string> tell, CancellationToken stop = default)
    {
        _reader = reader;
        _tell = tell;
        _stop = stop;
        Name = name;
        if (!reader.Read())
        {
            throw new DataException($"{name}: is empty; a table has at least a header.");
        }

        if (reader.Record.Contains((byte)0))
        {
            throw new DataException($"{name}: is not a table of text; if it is a capture, flowmeter read makes a table of it.");
        }

        Columns = new TableColumns(reader.Texts());
        Header = reader.Record.ToArray();
        LineEnd = reader.LineEnd.Length == 0 ? "\n"u8.ToArray() : reader.LineEnd.ToArray();
        _firstName = Encoding.UTF8.GetBytes(TableColumns.Bare(reader.Text(0)));
        if (Columns.Duplicates.Count > 0)
        {
            tell($"{name}: names are there more than once in the header; the later ones are called "
                + $"{string.Join(", ", Columns.Duplicates.Select(duplicate => $"'{Columns.Header[duplicate.Column]}'"))}");
        }
    }

    /// <summary>The name of the table in messages.</summary>
    public string Name { get; }

    /// <summary>The columns.</summary>
    public TableColumns Columns { get; }

    /// <summary>The header as it is in the table, without the end of its line.</summary>
    public ReadOnlyMemory<byte> Header { get; }

    /// <summary>The end of the header's line; LF where the table ends there.</summary>
    public ReadOnlyMemory<byte> LineEnd { get; }

    /// <summary>Rows read so far.</summary>
    public long Rows { get; private set; }

    /// <summary>The number of the first line of the row, from 1.</summary>
    public long Line => _reader.Line;

    /// <summary>The row as it is in the table, without the end of its line.</summary>
    public ReadOnlySpan<byte> Row => _reader.Record;

    /// <summary>Opens a table: CSV, JSON Lines, which may be in gzip or zstd, or Parquet; <c>-</c> is standard input.</summary>
    /// <param name="path">The table.</param>
    /// <param name="tell">Receives one line for each oddity that is no failure.</param>
    /// <param name="progress">Counts the bytes that are read; null: disabled.</param>
    /// <param name="stop">Cancels the reading, here and in <see cref="Read"/>.</param>
    /// <exception cref="DataException">There is no such file, it may not be read, or it has no header.</exception>
    /// <exception cref="OperationCanceledException"><paramref name="stop"/> was cancelled; <see cref="Read"/> may throw it,
    /// too.</exception>
    public static FlowTableReader Open(string path, Action<string> tell, InputProgress? progress = null, CancellationToken stop = default)
    {
        CsvReader reader = CsvReader.Open(path, takesTables: true, progress: progress, stop: stop);
        try
        {
            return new FlowTableReader(reader, path == "-" ? "standard input" : path, tell, stop);
        }
        catch
        {
            reader.Dispose();
            throw;
        }
    }

    /// <summary>Reads the next row. False at the end of the table.</summary>
    /// <exception cref="DataException">Reading fails, or a line is neither a row nor the header.</exception>
    public bool Read()
    {
        while (_reader.Read())
        {
            _stop.ThrowIfCancellationRequested();
            if (IsHeader())
            {
                _beginnings++;
                _lastBeginning = Line;
                continue;
            }

            if (_reader.Count != Columns.Header.Count)
            {
                throw new DataException(
                    $"{Name}: line {Line}: {_reader.Count} fields, but the header has {Columns.Header.Count}; mend or remove the line.");
            }

            if (Rows == 0)
            {
                _isOfNumbers = IsOfNumbers();
            }
            else if (_isOfNumbers && IsNames())
            {
                throw new DataException($"{Name}: line {Line}: is no row but names, as of a header that is not the one in line 1; part the "
                    + "tables there, or remove the line.");
            }

            Rows++;
            return true;
        }

        if (_beginnings > 0)
        {
            _tell($"{Name}: the header is there again "
                + $"{(_beginnings == 1 ? $"in line {_lastBeginning}" : $"{_beginnings} times, last in line {_lastBeginning}")}, skipped");
        }

        return false;
    }

    /// <summary>Reads on after the end: the table has got more rows.</summary>
    internal void Resume() => _reader.Resume();

    /// <summary>A field of the row without its quotes, as UTF-8.</summary>
    public ReadOnlySpan<byte> Field(int column) => _reader.Field(column);

    /// <summary>A field of the row as text.</summary>
    public string Text(int column) => _reader.Text(column);

    /// <summary>The bytes of <see cref="Row"/> that a field takes, quotes included; the end is exclusive.</summary>
    public (int Start, int End) Place(int column) => _reader.Place(column);

    /// <inheritdoc/>
    public void Dispose() => _reader.Dispose();

    /// <summary>
    /// Whether the line is the header again, but for blanks, quotes and a byte-order mark. Only a line that starts with the first name is
    /// compared as a whole, and few rows do.
    /// </summary>
    private bool IsHeader() => Row.SequenceEqual(Header.Span)
        || (!_firstName.IsEmpty && Row[..Math.Min(Row.Length, _firstName.Length + MaxBefore)].IndexOf(_firstName.Span) >= 0
            && Columns.AreNamed(_reader.Texts()));

    /// <summary>Whether enough fields of a row are numbers for a line of names to be recognised as no row.</summary>
    private bool IsOfNumbers()
    {
        int numbers = Enumerable.Range(0, _reader.Count).Count(column => NumberText.TryParse(_reader.Field(column), out _));
        return numbers >= Math.Min(2, (_reader.Count + 1) / 2);
    }

    /// <summary>Whether every field begins with a letter, as names do, and no number, address, time or missing value does.</summary>
    private bool IsNames()
    {
        for (int column = 0; column < _reader.Count; column++)
        {
            ReadOnlySpan<byte> field = _reader.Field(column).TrimStart(" \"'"u8);
            if (field.IsEmpty || !(char.IsAsciiLetter((char)field[0]) || field[0] is (byte)'_' or > 127)
                || NumberText.TryParse(field, out _))
            {
                return false;
            }
        }

        return true;
    }
}
