using System.Buffers;
using System.Buffers.Binary;
using System.Runtime.InteropServices;
using FlowMeter.Engine.Features;
using Snappier;

namespace FlowMeter.Engine.Export;

/// <summary>
/// Writes what a batch has of a column as pages of Parquet: a page of distinct values where they are few, then a page with the values or
/// their places among the distinct ones, each compressed by Snappy. For one thread at a time.
/// </summary>
internal sealed class ParquetPages
{
    private const int Plain = 0;
    private const int Rle = 3;
    private const int RleDictionary = 8;
    private const int SnappyCodec = 1;
    private const int DataPage = 0;
    private const int DictionaryPage = 2;

    private readonly ColumnDictionary _dictionary = new();
    private readonly ArrayBufferWriter<byte> _page = new();

    /// <summary>Appends the pages.</summary>
    /// <param name="column">The column.</param>
    /// <param name="count">Its rows, at least 1.</param>
    /// <param name="pages">What is appended to.</param>
    public ParquetChunk Encode(BatchColumn column, int count, ArrayBufferWriter<byte> pages)
    {
        bool isText = column.Field.IsText;
        ReadOnlySpan<int> offsets = isText ? column.OffsetsOf(count) : [];
        ReadOnlySpan<byte> values = isText ? column.TextOf(count) : MemoryMarshal.AsBytes(column.ValuesOf(count));
        bool isCoded = column.Nulls < count && (isText
            ? _dictionary.TryBuild(values, offsets)
            : column.Field.Type != ColumnType.Time && _dictionary.TryBuild(column.ValuesOf(count)));
        int start = pages.WrittenCount;
        int plain = 0;
        if (isCoded)
        {
            _page.ResetWrittenCount();
            foreach (int row in _dictionary.Firsts)
            {
                WriteValue(values, offsets, row);
            }

            plain += Append(pages, DictionaryPage, _dictionary.Firsts.Length, Plain);
        }

        int dictionaryLength = pages.WrittenCount - start;
        _page.ResetWrittenCount();
        if (isText)
        {
            ParquetLevels.WriteDefinitions(column.ValidOf(count), count, column.Nulls, _page);
        }

        if (isCoded)
        {
            ParquetLevels.WritePlaces(_dictionary.Places(count - column.Nulls), _dictionary.Firsts.Length, _page);
        }
        else if (isText)
        {
            for (int row = 0; row < count; row++)
            {
                if (offsets[row] < offsets[row + 1])
                {
                    WriteValue(values, offsets, row);
                }
            }
        }
        else
        {
            _page.Write(values);
        }

        int encoding = isCoded ? RleDictionary : Plain;
        plain += Append(pages, DataPage, count, encoding);
        int length = pages.WrittenCount - start;
        ThriftWriter front = new();
        front.Integer(1, ParquetSchema.PhysicalType(column.Field));
        _ = isCoded ? front.Integers(2, Plain, Rle, RleDictionary) : front.Integers(2, Plain, Rle);
        front.Texts(3, column.Field.Name).Integer(4, SnappyCodec).Long(5, count).Long(6, plain).Long(7, length);
        ReadOnlySpan<int> rows = isCoded ? _dictionary.Firsts : [];
        return new ParquetChunk(front.ToArray(), ParquetStatistics.Of(column, count, rows), dictionaryLength, length, plain);
    }

    /// <summary>Writes a number, or a text behind its length.</summary>
    private void WriteValue(ReadOnlySpan<byte> values, ReadOnlySpan<int> offsets, int row)
    {
        if (offsets.IsEmpty)
        {
            _page.Write(values.Slice(row * sizeof(long), sizeof(long)));
            return;
        }

        ReadOnlySpan<byte> text = values[offsets[row]..offsets[row + 1]];
        BinaryPrimitives.WriteInt32LittleEndian(_page.GetSpan(sizeof(int)), text.Length);
        _page.Advance(sizeof(int));
        _page.Write(text);
    }

    /// <summary>Appends the page behind its header (PageHeader). Returns the bytes of both before compression.</summary>
    private int Append(ArrayBufferWriter<byte> pages, int type, int values, int encoding)
    {
        int plain = _page.WrittenCount;
        byte[] packed = ArrayPool<byte>.Shared.Rent(Snappy.GetMaxCompressedLength(plain));
        int length = Snappy.Compress(_page.WrittenSpan, packed);
        ThriftWriter header = new();
        header.Integer(1, type).Integer(2, plain).Integer(3, length);
        _ = type == DataPage
            ? header.Begin(5).Integer(1, values).Integer(2, encoding).Integer(3, Rle).Integer(4, Rle).End()
            : header.Begin(7).Integer(1, values).Integer(2, encoding).End();
        byte[] head = header.End().ToArray();
        pages.Write(head);
        pages.Write(packed.AsSpan(0, length));
        ArrayPool<byte>.Shared.Return(packed);
        return head.Length + plain;
    }
}
