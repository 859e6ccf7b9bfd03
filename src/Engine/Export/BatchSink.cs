using FlowMeter.Engine.Features;
using FlowMeter.Engine.Flow;
using FlowMeter.Engine.Output;
using FlowMeter.Engine.Scoring;

namespace FlowMeter.Engine.Export;

/// <summary>Writes flows in a format of columns, a batch at a time.</summary>
/// <param name="output">Where the rows go; several sinks may share it.</param>
/// <param name="schema">What a row is made of.</param>
/// <param name="features">The block that the features of every row come from.</param>
/// <param name="encoder">Encodes batches; becomes the sink's.</param>
internal sealed class BatchSink(RowOutput output, TableSchema schema, FeatureBlock features, BatchEncoder encoder) : IFlowSink
{
    private readonly FlowBatch _batch = new(schema, features);

    /// <inheritdoc/>
    public void Write(FlowRecordBlock records, BlockScorer? scores)
    {
        _batch.Add(records, scores);
        if (_batch.IsFull)
        {
            Flush();
        }
    }

    /// <inheritdoc/>
    public void Flush()
    {
        if (_batch.Count > 0)
        {
            ReadOnlySpan<byte> rows = encoder.Encode(_batch.Columns, _batch.Count);
            _batch.Clear();
            output.Write(rows);
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        encoder.Dispose();
        _batch.Dispose();
    }
}
