using System.Buffers;
using System.Buffers.Binary;
using FlowMeter.Engine.Features;
using FlowMeter.Engine.Flow;
using FlowMeter.Engine.Output;
using FlowMeter.Engine.Scoring;

namespace FlowMeter.Engine.Export;

/// <summary>Writes flows as row groups of a Parquet file: each batch of flows is one.</summary>
internal sealed class ParquetSink : IFlowSink
{
    private readonly RowOutput _output;
    private readonly FlowBatch _batch;
    private readonly ParquetEncoder _encoder = new();
    private readonly ArrayBufferWriter<byte> _head = new();
    private readonly ArrayBufferWriter<byte> _pages = new();
    private byte[] _group = [];

    /// <summary>Makes a sink; several may share one output.</summary>
    /// <param name="output">Where the row groups go, behind <see cref="ParquetSchema.Header"/>.</param>
    /// <param name="schema">What a row is made of.</param>
    /// <param name="features">The block that the features of every row come from.</param>
    public ParquetSink(RowOutput output, TableSchema schema, FeatureBlock features)
    {
        _output = output;
        _batch = new FlowBatch(schema, features);
    }

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
        if (_batch.Count == 0)
        {
            return;
        }

        _head.ResetWrittenCount();
        _pages.ResetWrittenCount();
        _head.Write(ParquetFraming.HeadMark);
        _head.GetSpan(ParquetFraming.HeadStart);
        _head.Advance(ParquetFraming.HeadStart - ParquetFraming.HeadMark.Length);
        foreach (BatchColumn column in _batch.Columns)
        {
            _encoder.Encode(column, _batch.Count, _pages).Write(_head);
        }

        int length = _head.WrittenCount + _pages.WrittenCount;
        if (_group.Length < length)
        {
            _group = new byte[length];
        }

        _head.WrittenSpan.CopyTo(_group);
        _pages.WrittenSpan.CopyTo(_group.AsSpan(_head.WrittenCount));
        BinaryPrimitives.WriteInt32LittleEndian(_group.AsSpan(4), _head.WrittenCount);
        BinaryPrimitives.WriteInt64LittleEndian(_group.AsSpan(8), length);
        BinaryPrimitives.WriteInt64LittleEndian(_group.AsSpan(16), _batch.Count);
        _batch.Clear();
        _output.Write(_group.AsSpan(0, length));
    }

    /// <inheritdoc/>
    public void Dispose() => _batch.Dispose();
}
