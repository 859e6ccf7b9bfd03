using System.Buffers.Binary;
using System.Numerics;
using System.Text;

namespace FlowMeter.Engine.Output;

/// <summary>
/// A message as a spool keeps it, little-endian: magic, bytes behind this head, CRC-32C of them, rows, bytes of the id and of the headers;
/// then id, headers and body. What was torn by a kill or a power cut has another checksum.
/// </summary>
internal static class SpoolRecord
{
    /// <summary>Bytes of the head.</summary>
    public const int HeadLength = 24;

    private const uint Magic = 0x4d53_4d46;
    private const int MaxLength = 1 << 28;

    /// <summary>Bytes that a message takes.</summary>
    public static int LengthOf(BlockMessage message) => HeadLength + Encoding.UTF8.GetByteCount(message.Id) + message.Length;

    /// <summary>The bytes of a message.</summary>
    public static byte[] Encode(BlockMessage message)
    {
        byte[] record = new byte[LengthOf(message)];
        int id = Encoding.UTF8.GetBytes(message.Id, record.AsSpan(HeadLength));
        message.Headers.Span.CopyTo(record.AsSpan(HeadLength + id));
        message.Body.Span.CopyTo(record.AsSpan(HeadLength + id + message.Headers.Length));
        Span<byte> head = record;
        BinaryPrimitives.WriteUInt32LittleEndian(head, Magic);
        BinaryPrimitives.WriteInt32LittleEndian(head[4..], record.Length - HeadLength);
        BinaryPrimitives.WriteInt32LittleEndian(head[12..], message.Rows);
        BinaryPrimitives.WriteInt32LittleEndian(head[16..], id);
        BinaryPrimitives.WriteInt32LittleEndian(head[20..], message.Headers.Length);
        BinaryPrimitives.WriteUInt32LittleEndian(head[8..], Checksum(record.AsSpan(12)));
        return record;
    }

    /// <summary>Reads the record that begins at an offset of a file; null where there is no whole one.</summary>
    public static BlockMessage? Read(IDiskFile file, long at)
    {
        Span<byte> head = stackalloc byte[HeadLength];
        if (ReadAll(file, head, at) < HeadLength || BinaryPrimitives.ReadUInt32LittleEndian(head) != Magic)
        {
            return null;
        }

        int length = BinaryPrimitives.ReadInt32LittleEndian(head[4..]);
        int rows = BinaryPrimitives.ReadInt32LittleEndian(head[12..]);
        int id = BinaryPrimitives.ReadInt32LittleEndian(head[16..]);
        int headers = BinaryPrimitives.ReadInt32LittleEndian(head[20..]);
        if (length is < 0 or > MaxLength || id < 0 || headers < 0 || (long)id + headers > length || length > file.Length - at - HeadLength)
        {
            return null;
        }

        byte[] record = new byte[HeadLength + length];
        return ReadAll(file, record, at) == record.Length
            && BinaryPrimitives.ReadUInt32LittleEndian(head[8..]) == Checksum(record.AsSpan(12))
            ? new BlockMessage(
                Encoding.UTF8.GetString(record, HeadLength, id), record.AsMemory(HeadLength + id, headers),
                record.AsMemory(HeadLength + id + headers), rows)
            : null;
    }

    private static int ReadAll(IDiskFile file, Span<byte> buffer, long at)
    {
        int read = 0;
        for (int count; read < buffer.Length && (count = file.Read(buffer[read..], at + read)) > 0;)
        {
            read += count;
        }

        return read;
    }

    /// <summary>CRC-32C (RFC 3720), for which processors have an instruction.</summary>
    private static uint Checksum(ReadOnlySpan<byte> bytes)
    {
        uint sum = uint.MaxValue;
        for (; bytes.Length >= sizeof(ulong); bytes = bytes[sizeof(ulong)..])
        {
            sum = BitOperations.Crc32C(sum, BinaryPrimitives.ReadUInt64LittleEndian(bytes));
        }

        foreach (byte value in bytes)
        {
            sum = BitOperations.Crc32C(sum, value);
        }

        return ~sum;
    }
}
