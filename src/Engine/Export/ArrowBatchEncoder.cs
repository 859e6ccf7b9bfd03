using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Apache.Arrow;
using Apache.Arrow.Ipc;
using Apache.Arrow.Types;
using FlowMeter.Engine.Features;
using FlowMeter.Engine.Memory;

namespace FlowMeter.Engine.Export;

/// <summary>Makes a message of the streaming format of Arrow IPC of each batch; they stand behind <see cref="Header"/>.</summary>
internal sealed unsafe class ArrowBatchEncoder : BatchEncoder
{
    private static readonly TimestampType s_time = new(TimeUnit.Nanosecond, "UTC");

    private readonly Schema _schema;
    private readonly MemoryStream _message = new();
    private readonly ArrowStreamWriter _writer;

    /// <summary>Makes an encoder.</summary>
    /// <param name="schema">What a batch is made of.</param>
    public ArrowBatchEncoder(BatchSchema schema)
    {
        _schema = SchemaOf(schema);
        _writer = new ArrowStreamWriter(_message, _schema, leaveOpen: true);
        _writer.WriteStart();
    }

    /// <summary>The message with the schema.</summary>
    public static byte[] Header(BatchSchema schema)
    {
        using MemoryStream message = new();
        using ArrowStreamWriter writer = new(message, SchemaOf(schema), leaveOpen: true);
        writer.WriteStart();
        return message.ToArray();
    }

    /// <inheritdoc/>
    public override ReadOnlySpan<byte> Encode(IReadOnlyList<BatchColumn> columns, int count)
    {
        _message.SetLength(0);
        using (RecordBatch batch = new(_schema, columns.Select(column => ArrayOf(column, count)), count))
        {
            _writer.WriteRecordBatch(batch);
        }

        return _message.GetBuffer().AsSpan(0, (int)_message.Length);
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        _writer.Dispose();
        _message.Dispose();
        base.Dispose(disposing);
    }

    private static Schema SchemaOf(BatchSchema schema)
    {
        Schema.Builder builder = new();
        foreach (BatchField field in schema.Fields)
        {
            builder.Field(new Field(field.Name, TypeOf(field), nullable: field.IsText));
        }

        foreach ((string key, string value) in schema.Metadata)
        {
            builder.Metadata(key, value);
        }

        return builder.Build();
    }

    private static IArrowType TypeOf(BatchField field) => field.Type switch
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

    private static IArrowArray ArrayOf(BatchColumn column, int count)
    {
        if (column.Field.IsText)
        {
            return new StringArray(
                count, BufferOf(column.OffsetsOf(count)), BufferOf(column.TextOf(count)), BufferOf(column.ValidOf(count)), column.Nulls);
        }

        ArrowBuffer values = BufferOf(column.ValuesOf(count));
        return column.Field.Type switch
        {
            ColumnType.Integer => new Int64Array(values, ArrowBuffer.Empty, count, 0, 0),
            ColumnType.Double => new DoubleArray(values, ArrowBuffer.Empty, count, 0, 0),
            _ => new TimestampArray(s_time, values, ArrowBuffer.Empty, count, 0, 0),
        };
    }
}
