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

    private readonly FlowColumn[] _sources;
    private RowText _text;

    /// <summary>Makes an empty batch.</summary>
    /// <param name="schema">Its columns.</param>
    /// <param name="features">The block that features come from, which outlives this.</param>
    public FlowBatch(TableSchema schema, FeatureBlock features)
    {
        byte[] label = Encoding.UTF8.GetBytes(schema.Label);
        _text = new RowText(label);
        int longest = Math.Max(label.Length, schema.MaxExplanation);
        int fitting = RowsOf(schema.MaxBatchBytes, schema.Columns.Count) / FlowRecordBlock.Capacity * FlowRecordBlock.Capacity;
        Capacity = Math.Max(fitting, FlowRecordBlock.Capacity);
        Columns = [.. schema.Columns.Select(column => new BatchColumn(BatchField.Of(column), Capacity))];
        _sources = [.. schema.Columns.Select((column, i) => new FlowColumn(
            column, features, Math.Max(RowText.LongestOf(column), longest), Columns[i]))];
    }

    /// <summary>The columns, in the table's order.</summary>
    public IReadOnlyList<BatchColumn> Columns { get; }

    /// <summary>Flows that there is room for, a multiple of a block's.</summary>
    public int Capacity { get; }

    /// <summary>Flows in the batch.</summary>
    public int Count { get; private set; }

    /// <summary>Whether another block may not fit.</summary>
    public bool IsFull => Count + FlowRecordBlock.Capacity > Capacity;

    /// <summary>Rows of a batch at most whose numbers take so many bytes, if all its columns were numbers.</summary>
    public static int RowsOf(int bytes, int columns) => Math.Clamp(bytes / (columns * sizeof(long)), 1, MaxFlows);

    /// <summary>Appends the flows of a block; the batch must not be full.</summary>
    public void Add(FlowRecordBlock records, BlockScorer? scores)
    {
        foreach (ref readonly FlowColumn source in _sources.AsSpan())
        {
            source.Add(Count, records, scores, ref _text);
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
