using System.Buffers.Binary;
using FlowMeter.Engine.Features;

namespace FlowMeter.Engine.Export;

/// <summary>What a Parquet file says of its columns (parquet.thrift), and its header.</summary>
internal static class ParquetSchema
{
    private const int Required = 0;
    private const int Optional = 1;

    /// <summary>Begins and ends a file.</summary>
    public static ReadOnlySpan<byte> FileMark => "PAR1"u8;

    /// <summary>The physical type of a column: INT64, DOUBLE or BYTE_ARRAY.</summary>
    public static int PhysicalType(BatchField field) => field.Type switch
    {
        ColumnType.Integer or ColumnType.Time => 2,
        ColumnType.Double => 5,
        _ => 6,
    };

    /// <summary>
    /// The file's mark, and what its footer has in front of and behind the row groups, which readers skip: so that who ends a file needs no
    /// more than the file.
    /// </summary>
    public static byte[] Header(BatchSchema schema)
    {
        const int rowGroups = 4;
        const int version = 1;
        ThriftWriter front = new ThriftWriter().Integer(1, version).Structures(2, schema.Fields.Count + 1);
        front.BeginElement().Text(4, "flow").Integer(5, schema.Fields.Count).End();
        foreach (BatchField field in schema.Fields)
        {
            Element(front, field);
        }

        ThriftWriter back = new ThriftWriter(behind: rowGroups).Structures(5, schema.Metadata.Count);
        foreach ((string key, string value) in schema.Metadata)
        {
            back.BeginElement().Text(1, key).Text(2, value).End();
        }

        back.Text(6, "flowmeter").Structures(7, schema.Fields.Count);
        for (int i = 0; i < schema.Fields.Count; i++)
        {
            // The order of a type's own values: statistics of texts compare bytes as unsigned.
            back.BeginElement().Begin(1).End().End();
        }

        byte[] first = front.ToArray();
        byte[] last = back.End().ToArray();
        byte[] lengths = new byte[2 * sizeof(int)];
        BinaryPrimitives.WriteInt32LittleEndian(lengths, first.Length);
        BinaryPrimitives.WriteInt32LittleEndian(lengths.AsSpan(sizeof(int)), last.Length);
        return [.. FileMark, .. lengths, .. first, .. last];
    }

    private static void Element(ThriftWriter schema, BatchField field)
    {
        const int utf8 = 0;
        schema.BeginElement().Integer(1, PhysicalType(field)).Integer(3, field.IsText ? Optional : Required).Text(4, field.Name);
        if (field.IsText)
        {
            schema.Integer(6, utf8).Begin(10).Begin(1).End().End();
        }
        else if (field.Type == ColumnType.Time)
        {
            // TIMESTAMP(isAdjustedToUTC, NANOS)
            schema.Begin(10).Begin(8).Flag(1, true).Begin(2).Begin(3).End().End().End().End();
        }

        schema.End();
    }
}
