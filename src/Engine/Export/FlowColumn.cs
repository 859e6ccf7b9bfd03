using FlowMeter.Engine.Features;
using FlowMeter.Engine.Flow;
using FlowMeter.Engine.Scoring;

namespace FlowMeter.Engine.Export;

/// <summary>Takes the values of a column of a batch from blocks of flows.</summary>
internal readonly unsafe struct FlowColumn
{
    private readonly BatchColumn _to;
    private readonly ColumnSource _source;
    private readonly ulong* _integers;
    private readonly double* _doubles;
    private readonly int _longest;

    /// <summary>Takes note where values come from.</summary>
    /// <param name="column">What they are.</param>
    /// <param name="features">The block that features come from, which outlives this.</param>
    /// <param name="longest">Bytes of a text at most.</param>
    /// <param name="to">The column of the batch.</param>
    public FlowColumn(Column column, FeatureBlock features, int longest, BatchColumn to)
    {
        (_to, _source, _longest) = (to, column.Source, longest);
        if (column.Feature >= 0)
        {
            _integers = features.Integers(column.Feature);
            _doubles = features.Column(column.Feature);
        }
    }

    /// <summary>Appends the values of a block.</summary>
    /// <param name="count">Flows that are there already.</param>
    /// <param name="records">The block.</param>
    /// <param name="scores">Its scores, where the column is one of them.</param>
    /// <param name="text">Writes what is no feature.</param>
    public void Add(int count, FlowRecordBlock records, BlockScorer? scores, ref RowText text)
    {
        if (_to.Field.IsText)
        {
            AddTexts(count, records, scores, ref text);
            return;
        }

        long* to = _to.Values + count;
        for (int i = 0; i < records.Count; i++)
        {
            FlowHeader* header = records.Header(i);
            bool forwardIsB = FlowIdText.ForwardIsB(header);
            to[i] = _source switch
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

    private void AddTexts(int count, FlowRecordBlock records, BlockScorer? scores, ref RowText text)
    {
        _to.Reserve(count, (long)records.Count * _longest);
        for (int i = 0; i < records.Count; i++)
        {
            _to.EndText(count + i, text.Write(_to.BeginText(count + i), _source, records, scores, i));
        }
    }
}
