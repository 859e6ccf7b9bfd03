using System.Buffers.Binary;

namespace FlowMeter.Engine.Export;

/// <summary>
/// What the first bytes of a message of Arrow IPC tell: a mark, the length of the metadata, then the metadata, a flatbuffer whose root says
/// what the message is and how long its body.
/// </summary>
/// <param name="Metadata">Bytes in front of the body.</param>
/// <param name="Body">Bytes of the body.</param>
/// <param name="Rows">Rows, in a record batch; else 0.</param>
/// <param name="Header">Where in the flatbuffer the table is that the message is about.</param>
internal readonly record struct ArrowMessage(int Metadata, long Body, long Rows, int Header)
{
    /// <summary>Bytes in front of the flatbuffer.</summary>
    public const int Prefix = 8;

    // Message.fbs: the numbers of the fields of Message and RecordBatch, and of the kinds of headers.
    private const int HeaderType = 1;
    private const int HeaderTable = 2;
    private const int BodyLength = 3;
    private const int Length = 0;
    private const byte RecordBatch = 3;

    /// <summary>Ends a stream: a message without metadata.</summary>
    public static ReadOnlySpan<byte> EndOfStream => [0xFF, 0xFF, 0xFF, 0xFF, 0, 0, 0, 0];

    /// <summary>Reads the message that begins here; null if these bytes begin none, end the stream, or are too few to tell.</summary>
    public static ArrowMessage? Read(ReadOnlySpan<byte> start)
    {
        if (!start.StartsWith(EndOfStream[..4]) || start.Length < Prefix
            || BinaryPrimitives.ReadInt32LittleEndian(start[4..]) is not (var metadata and > 0 and < int.MaxValue - Prefix))
        {
            return null;
        }

        try
        {
            ReadOnlySpan<byte> table = start[Prefix..];
            int root = BinaryPrimitives.ReadInt32LittleEndian(table);
            long body = Field(table, root, BodyLength) is var at and > 0 ? BinaryPrimitives.ReadInt64LittleEndian(table[at..]) : 0;
            int header = Table(table, root, HeaderTable);
            long rows = 0;
            if (Field(table, root, HeaderType) is var kind and > 0 && table[kind] == RecordBatch)
            {
                rows = Field(table, header, Length) is var length and > 0 ? BinaryPrimitives.ReadInt64LittleEndian(table[length..]) : 0;
            }

            return body < 0 || rows < 0 ? null : new ArrowMessage(Prefix + metadata, body, rows, header);
        }
        catch (Exception e) when (e is ArgumentOutOfRangeException or IndexOutOfRangeException)
        {
            return null;
        }
    }

    private static int Table(ReadOnlySpan<byte> buffer, int table, int number)
    {
        int place = Field(buffer, table, number);
        return place == 0 ? 0 : place + BinaryPrimitives.ReadInt32LittleEndian(buffer[place..]);
    }

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
}
