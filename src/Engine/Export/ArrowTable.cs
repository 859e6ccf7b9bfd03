using System.Runtime.InteropServices;
using System.Text.Unicode;
using Apache.Arrow;
using Apache.Arrow.Ipc;
using Apache.Arrow.Types;
using FlowMeter.Engine.Features;

namespace FlowMeter.Engine.Export;

/// <summary>
/// A record batch of an Arrow stream that came from elsewhere, with columns as <see cref="ArrowBatchEncoder"/> writes them. All of it was
/// checked: values lie within it, texts are UTF-8. It is valid as long as the bytes it was read from.
/// </summary>
internal sealed class ArrowTable
{
    private readonly RecordBatch _batch;

    private ArrowTable(BatchSchema schema, RecordBatch batch)
    {
        (Schema, _batch) = (schema, batch);
        for (int i = 0; i < schema.Fields.Count; i++)
        {
            Check(schema.Fields[i].Name, batch.Column(i));
        }
    }

    /// <summary>What it is made of.</summary>
    public BatchSchema Schema { get; }

    /// <summary>Its rows.</summary>
    public int Rows => _batch.Length;

    /// <summary>The record batches of a stream, those without rows left out.</summary>
    /// <exception cref="InvalidDataException">It is no such stream, is damaged, or has other columns than flow tables have.</exception>
    public static IReadOnlyList<ArrowTable> ReadAll(ReadOnlyMemory<byte> stream)
    {
        try
        {
            using ArrowStreamReader reader = new(stream);
            BatchSchema schema = SchemaOf(reader.Schema);
            List<ArrowTable> tables = [];
            while (reader.ReadNextRecordBatch() is { } batch)
            {
                if (batch.Length > 0)
                {
                    tables.Add(new ArrowTable(schema, batch));
                }
            }

            return tables;
        }
        catch (Exception e) when (e is not InvalidDataException)
        {
            // Whatever the library throws of bytes that were written by nobody knows whom; a length that lies is out of memory at once.
            throw new InvalidDataException(e.Message, e);
        }
    }

    /// <summary>Copies values of rows of a column.</summary>
    /// <param name="number">The column.</param>
    /// <param name="from">The first of the rows.</param>
    /// <param name="count">How many rows.</param>
    /// <param name="to">What they are appended to.</param>
    /// <param name="at">Rows that are there already.</param>
    public void Copy(int number, int from, int count, BatchColumn to, int at)
    {
        IArrowArray column = _batch.Column(number);
        if (column is StringArray texts)
        {
            for (int i = 0; i < count; i++)
            {
                to.AddText(at + i, texts.GetBytes(from + i));
            }
        }
        else
        {
            to.AddValues(at, BitsOf(column).Slice(from, count));
        }
    }

    private static ReadOnlySpan<ulong> BitsOf(IArrowArray column) => column is DoubleArray doubles
        ? MemoryMarshal.Cast<double, ulong>(doubles.Values)
        : MemoryMarshal.Cast<long, ulong>(((PrimitiveArray<long>)column).Values);

    private static BatchSchema SchemaOf(Schema schema) => new(
        [.. schema.FieldsList.Select(field => new BatchField(field.Name, TypeOf(field)))],
        [.. schema.Metadata?.Select(pair => (pair.Key, pair.Value)) ?? []]);

    private static ColumnType TypeOf(Field field) => field.DataType switch
    {
        Int64Type => ColumnType.Integer,
        DoubleType => ColumnType.Double,
        TimestampType { Unit: TimeUnit.Nanosecond } => ColumnType.Time,
        StringType => ColumnType.Text,
        _ => throw new InvalidDataException($"the column {field.Name} is of the type {field.DataType.Name}, which no flow table has"),
    };

    private static void Check(string name, IArrowArray column)
    {
        if (column is not StringArray texts)
        {
            if (BitsOf(column).Length != column.Length || column.NullCount > 0)
            {
                throw new InvalidDataException($"the column {name} lacks values");
            }

            return;
        }

        for (int i = 0; i < texts.Length; i++)
        {
            if (!Utf8.IsValid(texts.GetBytes(i)))
            {
                throw new InvalidDataException($"the column {name} has text that is not UTF-8");
            }
        }
    }
}
