using System.Text;
using FlowMeter.Engine.Features;
using FlowMeter.Engine.Flow;
using FlowMeter.Engine.Output;
using FlowMeter.Engine.Scoring;
using FlowMeter.Engine.Text;
using FlowMeter.Learning.Data;

namespace FlowMeter.Learning.Evaluation;

/// <summary>
/// Adds score and verdict to the rows of a table, or replaces them where there are such columns. All other bytes of a row stay the same,
/// quotes included. It processes a stream of any length in memory bounded by 64 rows and the output buffer.
/// </summary>
public sealed class TableScorer : IDisposable
{
    private const int FlushFrom = 256 << 10;

    private readonly FlowTableReader _table;
    private readonly RowScorer _scorer;
    private readonly VerdictRule _verdicts;
    private readonly VerdictColumns _outputs;
    private readonly int[] _inputs;
    private readonly int _label;
    private readonly int _basis;
    private readonly double[] _values;
    private readonly long[] _counts = new long[3];
    private readonly List<(int End, long Packets, bool IsBenign, bool IsByHost)> _waiting = [];
    private readonly List<int> _offsets = [];
    private readonly byte[] _field;
    private byte[] _rows = new byte[FlushFrom];
    private int _filled;
    private byte[] _output = new byte[2 * FlushFrom];
    private int _written;

    /// <summary>Prepares a model for a table.</summary>
    /// <param name="table">The table, before its first row; it stays the caller's.</param>
    /// <param name="model">The model; all of its features are columns of the table (<see cref="TableModel.Load"/>).</param>
    /// <param name="explain">Features that explain each score; 0 for none.</param>
    public TableScorer(FlowTableReader table, Model model, int explain = 0)
    {
        _table = table;
        _scorer = new RowScorer(model, explain);
        _field = new byte[Math.Max(ShortestDouble.MaxLength, _scorer.MaxExplanation)];
        _verdicts = new VerdictRule(model);
        _outputs = new VerdictColumns(table.Columns, explain > 0);
        _inputs = [.. model.Columns.Select(table.Columns.Find)];
        _values = new double[_inputs.Length];
        _basis = table.Columns.Find(Column.OfVerdictBasis.Name);
        _label = LabelColumn.Find(table.Columns, LabelColumn.DefaultName);
        Append(table.Header.Span);
        Append(Encoding.UTF8.GetBytes(_outputs.HeaderEnd));
        Append(table.LineEnd.Span);
    }

    /// <summary>The columns of the table whose values are replaced.</summary>
    public IReadOnlyList<string> Replaced => _outputs.Replaced;

    /// <summary>Number of rows of each <see cref="Verdict"/>, by its value.</summary>
    public IReadOnlyList<long> Counts => _counts;

    /// <summary>
    /// Number of rows whose label is benign, and of those among them that are inspected; 0 where there is no column of labels.
    /// </summary>
    public (long Benign, long Inspected) Labelled { get; private set; }

    /// <summary>Number of missing values in columns that the model reads.</summary>
    public long Missing { get; private set; }

    /// <summary>Scores all rows and writes the table.</summary>
    /// <param name="output">Receives the table; the caller completes it.</param>
    /// <exception cref="DataException">A line is no row, or a feature of it no number; the rows before it are written.</exception>
    /// <exception cref="OutputException">The rows can not be written.</exception>
    public void Run(RowOutput output)
    {
        try
        {
            while (_table.Read())
            {
                AddRow();
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
    public void Dispose() => _scorer.Dispose();

    private void AddRow()
    {
        for (int i = 0; i < _inputs.Length; i++)
        {
            if (!NumberText.TryParse(_table.Field(_inputs[i]), out _values[i]))
            {
                throw new DataException($"{_table.Name}: line {_table.Line}: column '{_table.Columns.Header[_inputs[i]]}' is "
                    + $"'{_table.Text(_inputs[i])}', expected a number, since the model reads it.");
            }

            Missing += double.IsNaN(_values[i]) ? 1 : 0;
        }

        int volume = _table.Columns.Packets;
        long packets = volume >= 0 && NumberText.TryParse(_table.Field(volume), out double count) && count < 1e15
            ? (long)count
            : long.MaxValue;
        if (_filled + _table.Row.Length > _rows.Length)
        {
            Array.Resize(ref _rows, Math.Max(2 * _rows.Length, _filled + _table.Row.Length));
        }

        _filled += _outputs.Copy(_table, _rows.AsSpan(_filled), _offsets);
        _waiting.Add((
            _filled,
            packets,
            _label >= 0 && LabelColumn.IsBenign(_table.Field(_label)),
            _basis >= 0 && _table.Field(_basis).SequenceEqual(VerdictBasisText.Utf8(VerdictBasis.Host))));
        _scorer.Add(_values);
    }

    private void Score(RowOutput output)
    {
        ReadOnlySpan<double> scores = _scorer.Score();
        int start = 0;
        int place = 0;
        for (int i = 0; i < scores.Length; i++)
        {
            // What a source did is not in the table but here, and no model knows it better.
            Verdict verdict = _verdicts.Decide(scores[i], _waiting[i].Packets, _waiting[i].IsByHost, out VerdictBasis basis);
            Count(verdict, _waiting[i].IsBenign);
            ReadOnlySpan<byte> row = _rows.AsSpan(start, _waiting[i].End - start);
            int from = 0;
            foreach ((int column, ColumnSource source) in _outputs.Places)
            {
                Append(row[from.._offsets[place]]);
                from = _offsets[place++];
                Append(column == VerdictColumns.Behind ? ","u8 : []);
                Append(source switch
                {
                    ColumnSource.Score => _field.AsSpan(0, ShortestDouble.Format(_field, scores[i])),
                    ColumnSource.VerdictBasis => VerdictBasisText.Utf8(basis),
                    ColumnSource.Explanation => _field.AsSpan(0, _scorer.Explain(i, verdict, _field)),
                    _ => VerdictText.Utf8(verdict),
                });
            }

            Append(row[from..]);
            Append(_table.LineEnd.Span);
            start = _waiting[i].End;
        }

        _waiting.Clear();
        _offsets.Clear();
        _filled = 0;
        if (_written >= FlushFrom)
        {
            Flush(output);
        }
    }

    private void Count(Verdict verdict, bool isBenign)
    {
        _counts[(int)verdict]++;
        if (isBenign)
        {
            Labelled = (Labelled.Benign + 1, Labelled.Inspected + (verdict == Verdict.Benign ? 0 : 1));
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

    private void Flush(RowOutput output)
    {
        int written = _written;
        _written = 0;
        output.Write(_output.AsSpan(0, written));
    }
}
