using FlowMeter.Engine.Features;
using FlowMeter.Engine.Flow;
using FlowMeter.Engine.Memory;
using FlowMeter.Engine.Scoring;

namespace FlowMeter.Engine.Export;

/// <summary>
/// One column of a <see cref="FlowBatch"/>, laid out as Arrow's arrays are: 64-bit integers, doubles, nanoseconds since 1970, or UTF-8
/// behind 32-bit offsets with a bit for each text that is there. It owns its memory.
/// </summary>
internal sealed unsafe class BatchColumn : IDisposable
{
    private const int FirstTextBytes = 64 << 10;

    private readonly ulong* _integers;
    private readonly double* _doubles;
    private readonly NativeColumn<long>? _values;
    private readonly NativeColumn<int>? _offsets;
    private readonly NativeColumn<byte>? _valid;
    private readonly int _longest;
    private NativeColumn<byte>? _text;

    /// <summary>Makes an empty column.</summary>
    /// <param name="column">What it holds.</param>
    /// <param name="features">The block that features come from, which outlives this.</param>
    /// <param name="capacity">Flows at most.</param>
    /// <param name="longest">Bytes of a text at most.</param>
    public BatchColumn(Column column, FeatureBlock features, int capacity, int longest)
    {
        Column = column;
        _longest = longest;
        if (column.Feature >= 0)
        {
            _integers = features.Integers(column.Feature);
            _doubles = features.Column(column.Feature);
        }

        if (!IsText(column))
        {
            _values = new NativeColumn<long>(capacity);
            return;
        }

        _offsets = new NativeColumn<int>(capacity + 1);
        _valid = new NativeColumn<byte>((capacity + 7) / 8);
        _text = new NativeColumn<byte>(Math.Max(FirstTextBytes, longest));
    }

    /// <summary>What the column holds.</summary>
    public Column Column { get; }

    /// <summary>Texts that are not there.</summary>
    public int Nulls { get; private set; }

    /// <summary>The values, where they are no texts, as the bits of each.</summary>
    public ReadOnlySpan<ulong> ValuesOf(int count) => new(_values!.First, count);

    /// <summary>Where each text begins, and the last one ends: one offset more than flows.</summary>
    public ReadOnlySpan<int> OffsetsOf(int count) => new(_offsets!.First, count + 1);

    /// <summary>The texts behind each other.</summary>
    public ReadOnlySpan<byte> TextOf(int count) => new(_text!.First, _offsets![count]);

    /// <summary>Which texts are there: a bit for each flow, the lowest of a byte first.</summary>
    public ReadOnlySpan<byte> ValidOf(int count) => new(_valid!.First, (count + 7) / 8);

    /// <summary>Whether the values of a column are texts.</summary>
    public static bool IsText(Column column) => column.Type is ColumnType.Address or ColumnType.Enumeration or ColumnType.Text;

    /// <summary>Appends the values of a block.</summary>
    /// <param name="count">Flows that are there already.</param>
    /// <param name="records">The block.</param>
    /// <param name="scores">Its scores, where the column is one of them.</param>
    /// <param name="text">Writes what is no feature.</param>
    public void Add(int count, FlowRecordBlock records, BlockScorer? scores, ref RowText text)
    {
        if (IsText(Column))
        {
            AddTexts(count, records, scores, ref text);
            return;
        }

        long* to = _values!.First + count;
        for (int i = 0; i < records.Count; i++)
        {
            FlowHeader* header = records.Header(i);
            bool forwardIsB = FlowIdText.ForwardIsB(header);
            to[i] = Column.Source switch
            {
                ColumnSource.Integer => (long)_integers[i],
                ColumnSource.Thousandths or ColumnSource.Double => BitConverter.DoubleToInt64Bits(_doubles[i]),
                ColumnSource.StartTime => header->First,
                ColumnSource.EndTime => header->Last,
                ColumnSource.SourcePort => forwardIsB ? header->Key.PortB : header->Key.PortA,
                ColumnSource.DestinationPort => forwardIsB ? header->Key.PortA : header->Key.PortB,
                ColumnSource.Protocol => header->Key.Protocol,
                _ => BitConverter.DoubleToInt64Bits(scores!.Probability(i)),
            };
        }
    }

    /// <summary>Empties the column.</summary>
    public void Clear()
    {
        Nulls = 0;
        if (_valid != null)
        {
            new Span<byte>(_valid.First, (int)_valid.Length).Clear();
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _values?.Dispose();
        _offsets?.Dispose();
        _valid?.Dispose();
        _text?.Dispose();
    }

    private void AddTexts(int count, FlowRecordBlock records, BlockScorer? scores, ref RowText text)
    {
        int* offsets = _offsets!.First;
        Reserve(offsets[count] + ((long)records.Count * _longest), offsets[count]);
        for (int i = 0; i < records.Count; i++, count++)
        {
            byte* at = _text!.First + offsets[count];
            long length = text.Write(at, Column.Source, records, scores, i) - at;
            offsets[count + 1] = offsets[count] + (int)length;
            if (length > 0)
            {
                _valid!.First[count >> 3] |= (byte)(1 << (count & 7));
            }
            else
            {
                Nulls++;
            }
        }
    }

    private void Reserve(long bytes, int kept)
    {
        if (bytes <= _text!.Length)
        {
            return;
        }

        NativeColumn<byte> larger = new(Math.Max(bytes, 2 * _text.Length));
        new Span<byte>(_text.First, kept).CopyTo(new Span<byte>(larger.First, kept));
        _text.Dispose();
        _text = larger;
    }
}
