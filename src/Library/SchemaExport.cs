using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Text;
using FlowMeter.Engine.Export;
using FlowMeter.Engine.Features;

namespace FlowMeter.Library;

/// <summary>Hands the schema of a table over as the Arrow C data interface has it; the receiver releases it.</summary>
internal static unsafe class SchemaExport
{
    /// <summary>Fills a schema that the caller provides.</summary>
    public static void Write(TableSchema table, CSchema* schema)
    {
        int count = table.Columns.Count;
        *schema = Of("+s", "", 0);
        schema->PrivateData = (void*)GCHandle.ToIntPtr(GCHandle.Alloc(table));
        schema->Metadata = MetadataOf(table.Metadata);
        schema->ChildCount = count;
        schema->Children = (CSchema**)NativeMemory.Alloc((nuint)count, (nuint)sizeof(CSchema*));
        for (int i = 0; i < count; i++)
        {
            Column column = table.Columns[i];
            CSchema* child = (CSchema*)NativeMemory.Alloc((nuint)sizeof(CSchema));
            *child = Of(FormatOf(column), column.Name, BatchField.Of(column).IsText ? CSchema.Nullable : 0);
            schema->Children[i] = child;
        }
    }

    /// <summary>Fills another schema with what one has that was not released; each is released for itself.</summary>
    public static void Share(CSchema* schema, CSchema* other) =>
        Write((TableSchema)GCHandle.FromIntPtr((nint)schema->PrivateData).Target!, other);

    private static string FormatOf(Column column) => column.Type switch
    {
        ColumnType.Integer => "l",
        ColumnType.Double => "g",
        ColumnType.Time => "tsn:UTC",
        _ => "u",
    };

    private static CSchema Of(string format, string name, long flags) => new()
    {
        Format = NativeText.From(format),
        Name = NativeText.From(name),
        Flags = flags,
        Release = &Release,
    };

    /// <summary>The number of pairs, then for each its two texts, each behind its length.</summary>
    private static byte* MetadataOf(IReadOnlyList<(string Key, string Value)> pairs)
    {
        List<byte> bytes = [];
        Append(pairs.Count);
        foreach ((string key, string value) in pairs)
        {
            foreach (byte[] text in new[] { Encoding.UTF8.GetBytes(key), Encoding.UTF8.GetBytes(value) })
            {
                Append(text.Length);
                bytes.AddRange(text);
            }
        }

        byte* metadata = (byte*)NativeMemory.Alloc((nuint)bytes.Count);
        CollectionsMarshal.AsSpan(bytes).CopyTo(new Span<byte>(metadata, bytes.Count));
        return metadata;

        void Append(int number)
        {
            Span<byte> four = stackalloc byte[sizeof(int)];
            BinaryPrimitives.WriteInt32LittleEndian(four, number);
            bytes.AddRange(four);
        }
    }

    [UnmanagedCallersOnly]
    private static void Release(CSchema* schema)
    {
        for (long i = 0; i < schema->ChildCount; i++)
        {
            CSchema* child = schema->Children[i];
            if (child->Release != null)
            {
                child->Release(child);
            }

            NativeMemory.Free(child);
        }

        NativeMemory.Free(schema->Children);
        NativeText.Free(schema->Format);
        NativeText.Free(schema->Name);
        NativeMemory.Free(schema->Metadata);
        if (schema->PrivateData != null)
        {
            GCHandle.FromIntPtr((nint)schema->PrivateData).Free();
        }

        *schema = default;
    }
}
