using System.Buffers.Binary;
using FlowMeter.Engine.Output;

namespace FlowMeter.Engine.Export;

/// <summary>
/// Messages of Arrow's streaming format: a mark, the length of the metadata, the metadata (a flatbuffer whose root tells what the message is
/// and how long its body), the body.
/// </summary>
internal sealed class ArrowFraming : BlockFraming
{
    private const int Prefix = 8;
    private const uint Mark = uint.MaxValue;

    // Message.fbs: the numbers of the fields of Message and RecordBatch, and of the kinds of headers.
    private const int HeaderType = 1;
    private const int HeaderTable = 2;
    private const int BodyLength = 3;
    private const int Length = 0;
    private const byte RecordBatch = 3;

    internal override (long Length, long Rows)? Measure(ReadOnlySpan<byte> start)
    {
        if (start.Length < Prefix || BinaryPrimitives.ReadUInt32LittleEndian(start) != Mark
            || BinaryPrimitives.ReadInt32LittleEndian(start[4..]) is not (var metadata and > 0))
        {
            // Not one of ours, or the end of the stream.
            return null;
        }

        try
        {
            ReadOnlySpan<byte> table = start[Prefix..];
            int root = BinaryPrimitives.ReadInt32LittleEndian(table);
            long body = Field(table, root, BodyLength) is var at and > 0 ? BinaryPrimitives.ReadInt64LittleEndian(table[at..]) : 0;
            long rows = 0;
            if (Field(table, root, HeaderType) is var kind and > 0 && table[kind] == RecordBatch)
            {
                int offset = Field(table, root, HeaderTable);
                int batch = offset + BinaryPrimitives.ReadInt32LittleEndian(table[offset..]);
                rows = Field(table, batch, Length) is var length and > 0 ? BinaryPrimitives.ReadInt64LittleEndian(table[length..]) : 0;
            }

            return body < 0 || rows < 0 ? null : (Prefix + metadata + body, rows);
        }
        catch (ArgumentOutOfRangeException)
        {
            return null;
        }
        catch (IndexOutOfRangeException)
        {
            return null;
        }
    }

    internal override FileTrailer CreateTrailer() => new EndOfStream();

    /// <summary>Where a field of a flatbuffer's table is; 0 if it is not there.</summary>
    private static int Field(ReadOnlySpan<byte> buffer, int table, int number)
    {
        int fields = table - BinaryPrimitives.ReadInt32LittleEndian(buffer[table..]);
        int place = 4 + (2 * number);
        int offset = place < BinaryPrimitives.ReadUInt16LittleEndian(buffer[fields..])
            ? BinaryPrimitives.ReadUInt16LittleEndian(buffer[(fields + place)..])
            : 0;
        return offset == 0 ? 0 : table + offset;
    }

    private sealed class EndOfStream : FileTrailer
    {
        public override void Add(ReadOnlySpan<byte> written)
        {
        }

        public override byte[] End() => [0xFF, 0xFF, 0xFF, 0xFF, 0, 0, 0, 0];
    }
}
