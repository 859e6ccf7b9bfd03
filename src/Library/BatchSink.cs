using System.Collections.Concurrent;
using FlowMeter.Engine.Export;
using FlowMeter.Engine.Features;
using FlowMeter.Engine.Flow;
using FlowMeter.Engine.Scoring;

namespace FlowMeter.Library;

/// <summary>Gathers flows in batches for who asks for them, and waits where nobody does.</summary>
/// <param name="batches">Where whole batches go; they become the taker's.</param>
/// <param name="schema">What a row is made of.</param>
/// <param name="features">The block that the features of every row come from.</param>
/// <param name="stop">Cancelled when nobody will ask any more.</param>
internal sealed class BatchSink(
    BlockingCollection<FlowBatch> batches, TableSchema schema, FeatureBlock features, CancellationToken stop) : IFlowSink
{
    private FlowBatch? _batch;

    /// <inheritdoc/>
    /// <exception cref="OperationCanceledException">Nobody will ask for it.</exception>
    public void Write(FlowRecordBlock records, BlockScorer? scores)
    {
        _batch ??= new FlowBatch(schema, features);
        _batch.Add(records, scores);
        if (_batch.IsFull)
        {
            Flush();
        }
    }

    /// <inheritdoc/>
    /// <exception cref="OperationCanceledException">Nobody will ask for it.</exception>
    public void Flush()
    {
        if (_batch is { Count: > 0 })
        {
            batches.Add(_batch, stop);
            _batch = null;
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _batch?.Dispose();
}
