using System.Text;
using FlowMeter.Engine.Features;
using FlowMeter.Engine.Flow;
using FlowMeter.Engine.Memory;
using FlowMeter.Engine.Output;
using FlowMeter.Engine.Scoring;
using FlowMeter.Engine.Text;

namespace FlowMeter.Engine.Export;

/// <summary>Writes flows as CSV: UTF-8, comma, one line a flow. No value ever needs quotes but a label and a name.</summary>
internal sealed unsafe class CsvSink : IFlowSink
{
    private const int FlushFrom = 256 << 10;

    private readonly RowOutput _output;
    private readonly Run[] _runs;
    private readonly NativeColumn<byte> _buffer;
    private RowText _text;
    private int _length;

    /// <summary>Makes a sink; several may share one output.</summary>
    /// <param name="output">Where the rows go.</param>
    /// <param name="columns">The columns of a row, in order.</param>
    /// <param name="features">The block that the features of every row come from.</param>
    /// <param name="label">What stands in the label's column.</param>
    /// <param name="maxExplanation">Bytes of an explanation at most.</param>
    public CsvSink(RowOutput output, IReadOnlyList<Column> columns, FeatureBlock features, string label = "", int maxExplanation = 0)
    {
        byte[] written = Encoding.UTF8.GetBytes(
            label.AsSpan().ContainsAny(',', '"') ? $"\"{label.Replace("\"", "\"\"", StringComparison.Ordinal)}\"" : label);
        _text = new RowText(written, TextQuoting.Csv);
        _output = output;
        _runs = RunsOf(columns, features);
        _buffer = new NativeColumn<byte>(FlushFrom + columns.Sum(RowText.LongestOf) + written.Length + maxExplanation);
    }

    /// <summary>The header line.</summary>
    public static byte[] Header(IReadOnlyList<Column> columns) =>
        Encoding.UTF8.GetBytes(string.Join(',', columns.Select(column => column.Name)) + "\n");

    /// <inheritdoc/>
    public void Write(FlowRecordBlock records, BlockScorer? scores)
    {
        for (int i = 0; i < records.Count; i++)
        {
            byte* at = _buffer.First + _length;
            foreach (ref readonly Run run in _runs.AsSpan())
            {
                at = WriteRun(at, in run, records, scores, i);
            }

            at[-1] = (byte)'\n';
            _length = (int)(at - _buffer.First);
            if (_length >= FlushFrom)
            {
                Flush();
            }
        }
    }

    /// <inheritdoc/>
    public void Flush()
    {
        int length = _length;
        _length = 0;
        _output.Write(new ReadOnlySpan<byte>(_buffer.First, length));
    }

    /// <inheritdoc/>
    public void Dispose() => _buffer.Dispose();

    /// <summary>Neighbouring features of one kind lie behind each other in the block: they are written in one go.</summary>
    private static Run[] RunsOf(IReadOnlyList<Column> columns, FeatureBlock features)
    {
        List<Run> runs = [];
        foreach (Column column in columns)
        {
            if (runs.Count > 0 && column.Feature >= 0 && runs[^1] is var last && last.Source == column.Source
                && last.Feature + last.Count == column.Feature)
            {
                runs[^1] = last with { Count = last.Count + 1 };
            }
            else
            {
                runs.Add(new Run(
                    column.Source,
                    column.Feature,
                    1,
                    column.Feature < 0 ? 0
                        : column.Source == ColumnSource.Double ? (nint)features.Column(column.Feature)
                        : (nint)features.Integers(column.Feature)));
            }
        }

        return [.. runs];
    }

    private byte* WriteRun(byte* at, in Run run, FlowRecordBlock records, BlockScorer? scores, int i)
    {
        long* values = (long*)run.Values + i;
        long* end = values + ((long)run.Count * FeatureBlock.Stride);
        switch (run.Source)
        {
            case ColumnSource.Integer:
                for (; values < end; values += FeatureBlock.Stride)
                {
                    at = IntegerText.Write(at, (ulong)*values);
                    *at++ = (byte)',';
                }

                return at;
            case ColumnSource.Thousandths:
                for (; values < end; values += FeatureBlock.Stride)
                {
                    at = ThousandthsText.Write(at, (ulong)*values);
                    *at++ = (byte)',';
                }

                return at;
            case ColumnSource.Double:
                for (; values < end; values += FeatureBlock.Stride)
                {
                    at = ShortestDouble.Write(at, *(double*)values);
                    *at++ = (byte)',';
                }

                return at;
            default:
                at = _text.Write(at, run.Source, records, scores, i);
                *at++ = (byte)',';
                return at;
        }
    }

    /// <summary>
    /// Columns that are written alike. <paramref name="Values"/> points to the first one's values, in a block that outlives the sink.
    /// </summary>
    private readonly record struct Run(ColumnSource Source, int Feature, int Count, nint Values);
}
