using System.Text;
using FlowMeter.Engine.Features;
using FlowMeter.Engine.Flow;
using FlowMeter.Engine.Scoring;

namespace FlowMeter.Engine.Export;

/// <summary>
/// Flows as columns in unmanaged memory, for formats that are columns: some ten thousand at most, and so few that the numbers of a batch
/// take 16 MiB, or less where messages are made of them. Used again after <see cref="Clear"/>. For one thread at a time.
/// </summary>
internal sealed class FlowBatch : IDisposable
{
    /// <summary>Flows of a batch at most.</summary>
    public const int MaxFlows = 65_536;

    /// <summary>Bytes that the numbers of a batch take at most, unless another bound is set.</summary>
    public const int DefaultBytes = 16 << 20;

    private RowText _text;

    /// <summary>Makes an empty batch.</summary>
    /// <param name="schema">Its columns.</param>
    /// <param name="features">The block that features come from, which outlives this.</param>
    public FlowBatch(TableSchema schema, FeatureBlock features)
    {
        byte[] label = Encoding.UTF8.GetBytes(schema.Label);
        _text = new RowText(label);
        int longest = Math.Max(RowText.MaxLength, Math.Max(label.Length, schema.MaxExplanation));
        int fitting = schema.MaxBatchBytes / (schema.Columns.Count * sizeof(long)) / FlowRecordBlock.Capacity * FlowRecordBlock.Capacity;
        Capacity = Math.Clamp(fitting, FlowRecordBlock.Capacity, MaxFlows);
        Columns = [.. schema.Columns.Select(column => new BatchColumn(column, features, Capacity, longest))];
    }

    /// <summary>The columns, in the table's order.</summary>
    public IReadOnlyList<BatchColumn> Columns { get; }

    /// <summary>Flows that there is room for, a multiple of a block's.</summary>
    public int Capacity { get; }

    /// <summary>Flows in the batch.</summary>
    public int Count { get; private set; }

    /// <summary>Whether another block may not fit.</summary>
    public bool IsFull => Count + FlowRecordBlock.Capacity > Capacity;

    /// <summary>Appends the flows of a block; the batch must not be full.</summary>
    public void Add(FlowRecordBlock records, BlockScorer? scores)
    {
        foreach (BatchColumn column in Columns)
        {
            column.Add(Count, records, scores, ref _text);
        }

        Count += records.Count;
    }

    /// <summary>Empties the batch.</summary>
    public void Clear()
    {
        Count = 0;
        foreach (BatchColumn column in Columns)
        {
            column.Clear();
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (BatchColumn column in Columns)
        {
            column.Dispose();
        }
    }
}
