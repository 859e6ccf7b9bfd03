using System.Buffers;
using System.Buffers.Binary;

namespace FlowMeter.Engine.Export;

/// <summary>What the footer says of the values that a row group has of one column.</summary>
/// <param name="Front">The fields of ColumnMetaData in front of offsets, encoded.</param>
/// <param name="Statistics">The fields of its Statistics, encoded.</param>
/// <param name="DictionaryLength">Bytes of the dictionary's page at its beginning; 0: none.</param>
/// <param name="Length">Bytes of all its pages.</param>
/// <param name="PlainLength">The same before compression.</param>
internal readonly record struct ParquetChunk(byte[] Front, byte[] Statistics, int DictionaryLength, int Length, int PlainLength)
{
    private const int Fixed = 5 * sizeof(int);

    /// <summary>Reads all that a head of a row group has.</summary>
    public static List<ParquetChunk> ReadAll(ReadOnlySpan<byte> head)
    {
        List<ParquetChunk> chunks = [];
        while (!head.IsEmpty)
        {
            int front = Fixed + BinaryPrimitives.ReadInt32LittleEndian(head);
            int end = front + BinaryPrimitives.ReadInt32LittleEndian(head[4..]);
            chunks.Add(new ParquetChunk(
                head[Fixed..front].ToArray(), head[front..end].ToArray(), BinaryPrimitives.ReadInt32LittleEndian(head[8..]),
                BinaryPrimitives.ReadInt32LittleEndian(head[12..]), BinaryPrimitives.ReadInt32LittleEndian(head[16..])));
            head = head[end..];
        }

        return chunks;
    }

    /// <summary>Appends it to a head.</summary>
    public void Write(IBufferWriter<byte> head)
    {
        Span<byte> numbers = stackalloc byte[Fixed];
        BinaryPrimitives.WriteInt32LittleEndian(numbers, Front.Length);
        BinaryPrimitives.WriteInt32LittleEndian(numbers[4..], Statistics.Length);
        BinaryPrimitives.WriteInt32LittleEndian(numbers[8..], DictionaryLength);
        BinaryPrimitives.WriteInt32LittleEndian(numbers[12..], Length);
        BinaryPrimitives.WriteInt32LittleEndian(numbers[16..], PlainLength);
        head.Write(numbers);
        head.Write(Front);
        head.Write(Statistics);
    }
}
