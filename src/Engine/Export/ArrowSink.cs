using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Apache.Arrow;
using Apache.Arrow.Ipc;
using Apache.Arrow.Types;
using FlowMeter.Engine.Features;
using FlowMeter.Engine.Flow;
using FlowMeter.Engine.Memory;
using FlowMeter.Engine.Output;
using FlowMeter.Engine.Scoring;
using Column = FlowMeter.Engine.Features.Column;

namespace FlowMeter.Engine.Export;

/// <summary>Writes flows as a stream of Arrow record batches (IPC streaming format): the schema, then a message for each batch.</summary>
internal sealed unsafe class ArrowSink : IFlowSink
{
    private static readonly TimestampType s_time = new(TimeUnit.Nanosecond, "UTC");

    private readonly RowOutput _output;
    private readonly FlowBatch _batch;
    private readonly Schema _schema;
    private readonly MemoryStream _message = new();
    private readonly ArrowStreamWriter _writer;

    /// <summary>Makes a sink; several may share one output.</summary>
    /// <param name="output">Where the batches go, behind <see cref="Header"/>.</param>
    /// <param name="schema">What a row is made of.</param>
    /// <param name="features">The block that the features of every row come from.</param>
    public ArrowSink(RowOutput output, TableSchema schema, FeatureBlock features)
    {
        _output = output;
        _batch = new FlowBatch(schema, features);
        _schema = SchemaOf(schema);
        _writer = new ArrowStreamWriter(_message, _schema, leaveOpen: true);
        _writer.WriteStart();
    }

    /// <summary>The message with the schema.</summary>
    public static byte[] Header(TableSchema schema)
    {
        using MemoryStream message = new();
        using ArrowStreamWriter writer = new(message, SchemaOf(schema), leaveOpen: true);
        writer.WriteStart();
        return message.ToArray();
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

        _message.SetLength(0);
        using (RecordBatch batch = new(_schema, _batch.Columns.Select(ArrayOf), _batch.Count))
        {
            _writer.WriteRecordBatch(batch);
        }

        _batch.Clear();
        _output.Write(_message.GetBuffer().AsSpan(0, (int)_message.Length));
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _writer.Dispose();
        _message.Dispose();
        _batch.Dispose();
    }

    private static Schema SchemaOf(TableSchema schema)
    {
        Schema.Builder builder = new();
        foreach (Column column in schema.Columns)
        {
            builder.Field(new Field(column.Name, TypeOf(column), nullable: TypeOf(column) is StringType));
        }

        foreach ((string key, string value) in schema.Metadata)
        {
            builder.Metadata(key, value);
        }

        return builder.Build();
    }

    private static IArrowType TypeOf(Column column) => column.Type switch
    {
        ColumnType.Integer => Int64Type.Default,
        ColumnType.Double => DoubleType.Default,
        ColumnType.Time => s_time,
        _ => StringType.Default,
    };

    /// <summary>A buffer over memory of the batch, which outlives it.</summary>
    private static ArrowBuffer BufferOf<T>(ReadOnlySpan<T> values)
        where T : unmanaged
    {
        ReadOnlySpan<byte> bytes = MemoryMarshal.AsBytes(values);
        return new ArrowBuffer(new NativeBytes((byte*)Unsafe.AsPointer(in MemoryMarshal.GetReference(bytes)), bytes.Length).Memory);
    }

    private IArrowArray ArrayOf(BatchColumn column)
    {
        int count = _batch.Count;
        if (BatchColumn.IsText(column.Column))
        {
            return new StringArray(
                count, BufferOf(column.OffsetsOf(count)), BufferOf(column.TextOf(count)), BufferOf(column.ValidOf(count)), column.Nulls);
        }

        ArrowBuffer values = BufferOf(column.ValuesOf(count));
        return column.Column.Type switch
        {
            ColumnType.Integer => new Int64Array(values, ArrowBuffer.Empty, count, 0, 0),
            ColumnType.Double => new DoubleArray(values, ArrowBuffer.Empty, count, 0, 0),
            _ => new TimestampArray(s_time, values, ArrowBuffer.Empty, count, 0, 0),
        };
    }
}
