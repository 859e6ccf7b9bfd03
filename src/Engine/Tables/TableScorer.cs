using FlowMeter.Engine.Export;
using FlowMeter.Engine.Export.Text;
using FlowMeter.Engine.Features;
using FlowMeter.Engine.Scoring;
using FlowMeter.Engine.Training;

namespace FlowMeter.Engine.Tables;

/// <summary>
/// Adds score and verdict to the rows of a table: a stream of any length in bounded memory. What was there stays as it was, byte for byte, quotes and line ends included.
/// </summary>
public sealed class TableScorer : IDisposable
{
    private const int FlushFrom = 256 << 10;

    private readonly CsvReader _reader;
    private readonly string _name;
    private readonly TableColumns _columns;
    private readonly RowScorer _scorer;
    private readonly Verdicts _verdicts;
    private readonly int[] _places;
    private readonly double[] _values;
    private readonly byte[] _lineEnd;
    private readonly List<(int End, long Packets)> _waiting = [];
    private readonly byte[] _number = new byte[ShortestDouble.MaxLength];
    private byte[] _rows = new byte[FlushFrom];
    private int _filled;
    private byte[] _output = new byte[2 * FlushFrom];
    private int _written;

    private TableScorer(CsvReader reader, string name, TableColumns columns, Model model, byte[] header, byte[] lineEnd)
    {
        _reader = reader;
        _name = name;
        _columns = columns;
        _scorer = new RowScorer(model);
        _verdicts = new Verdicts(model);
        _places = [.. model.Features.Select(feature => columns.Find(feature.Name))];
        _values = new double[_places.Length];
        _lineEnd = lineEnd.Length == 0 ? "\n"u8.ToArray() : lineEnd;
        Append(header);
        Append(",score,verdict"u8);
        Append(_lineEnd);
    }

    /// <summary>Rows so far, and those judged malicious.</summary>
    public (long Rows, long Malicious) Counts { get; private set; }

    /// <summary>Opens a table and a model for it.</summary>
    /// <param name="path">The table; <c>-</c> for standard input.</param>
    /// <param name="modelPath">The model.</param>
    /// <exception cref="DataException">The table can not be read, has no header, or lacks a feature of the model.</exception>
    /// <exception cref="ModelException">There is no valid model.</exception>
    public static TableScorer Open(string path, string modelPath)
    {
        string name = path == "-" ? "standard input" : path;
        CsvReader reader = CsvReader.Open(path);
        try
        {
            TableColumns columns = reader.ReadHeader();
            Model model = LoadModel(modelPath, columns);
            if (model.Features.FirstOrDefault(feature => columns.Find(feature.Name) < 0) is { } missing)
            {
                throw new DataException($"{name}: there is no column '{missing.Name}', which the model reads; the nearest is '{NearestName.Of(missing.Name, columns.Header)}'. The model is for tables of profile {model.Profile}.");
            }

            if (columns.Find("score") >= 0 || columns.Find("verdict") >= 0)
            {
                throw new DataException($"{name}: has a column score or verdict already; remove it first, or make the table with --model none.");
            }

            return new TableScorer(reader, name, columns, model, reader.Record.ToArray(), reader.LineEnd.ToArray());
        }
        catch
        {
            reader.Dispose();
            throw;
        }
    }

    /// <summary>Loads a model of one of our profiles, or one that was trained on a table with these columns.</summary>
    public static Model LoadModel(string path, TableColumns? columns)
    {
        Dictionary<string, IReadOnlyList<string>> names = Profile.All.ToDictionary(profile => profile.Name, profile => profile.FeatureNames);
        if (columns != null)
        {
            names.Add(DataSet.TableProfile, columns.Header);
        }

        return ModelFile.Load(path, names);
    }

    /// <summary>Scores all rows.</summary>
    /// <exception cref="DataException">A row is no row, or a feature of it no number; the rows before are written.</exception>
    /// <exception cref="OutputException">The rows can not be written.</exception>
    public void Run(OutputFile output)
    {
        try
        {
            while (_reader.Read())
            {
                Take();
                if (_scorer.IsFull)
                {
                    Score(output);
                }
            }
        }
        finally
        {
            Score(output);
            Flush(output);
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _reader.Dispose();
        _scorer.Dispose();
    }

    private void Take()
    {
        if (_reader.Count != _columns.Header.Count)
        {
            throw new DataException($"{_name}: line {_reader.Line}: {_reader.Count} fields, but the header has {_columns.Header.Count}; mend or remove the line.");
        }

        for (int i = 0; i < _places.Length; i++)
        {
            if (!NumberText.TryParse(_reader.Field(_places[i]), out _values[i]))
            {
                throw new DataException($"{_name}: line {_reader.Line}: column '{_columns.Header[_places[i]]}' is '{_reader.Text(_places[i])}', expected a number, since the model reads it.");
            }
        }

        long packets = _columns.Packets >= 0 && NumberText.TryParse(_reader.Field(_columns.Packets), out double count) && count < 1e15 ? (long)count : long.MaxValue;
        ReadOnlySpan<byte> record = _reader.Record;
        if (_filled + record.Length > _rows.Length)
        {
            Array.Resize(ref _rows, Math.Max(2 * _rows.Length, _filled + record.Length));
        }

        record.CopyTo(_rows.AsSpan(_filled));
        _filled += record.Length;
        _waiting.Add((_filled, packets));
        _scorer.Add(_values);
    }

    private void Score(OutputFile output)
    {
        ReadOnlySpan<double> scores = _scorer.Score();
        int start = 0;
        long malicious = 0;
        for (int i = 0; i < scores.Length; i++)
        {
            Verdict verdict = _verdicts.Decide(scores[i], _waiting[i].Packets);
            malicious += verdict == Verdict.Malicious ? 1 : 0;
            Append(_rows.AsSpan(start, _waiting[i].End - start));
            Append(","u8);
            Append(_number.AsSpan(0, ShortestDouble.Format(_number, scores[i])));
            Append(verdict switch { Verdict.Malicious => ",malicious"u8, Verdict.Benign => ",benign"u8, _ => ",undecided"u8 });
            Append(_lineEnd);
            start = _waiting[i].End;
        }

        Counts = (Counts.Rows + scores.Length, Counts.Malicious + malicious);
        _waiting.Clear();
        _filled = 0;
        if (_written >= FlushFrom)
        {
            Flush(output);
        }
    }

    private void Append(ReadOnlySpan<byte> bytes)
    {
        if (_written + bytes.Length > _output.Length)
        {
            Array.Resize(ref _output, Math.Max(2 * _output.Length, _written + bytes.Length));
        }

        bytes.CopyTo(_output.AsSpan(_written));
        _written += bytes.Length;
    }

    private void Flush(OutputFile output)
    {
        int written = _written;
        _written = 0;
        output.Write(_output.AsSpan(0, written));
    }
}
