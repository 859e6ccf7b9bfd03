using System.Buffers.Binary;
using FlowMeter.Engine.Output;

namespace FlowMeter.Engine.Export;

/// <summary>The metadata of a Parquet file: its schema from the header, and its row groups from their heads.</summary>
internal sealed class ParquetFooter : FileTrailer
{
    private readonly List<(long Position, byte[] Head)> _groups = [];
    private byte[] _front = [];
    private byte[] _back = [];
    private long _position;

    /// <inheritdoc/>
    public override void Add(ReadOnlySpan<byte> written)
    {
        int at = 0;
        if (_position == 0 && !written.IsEmpty)
        {
            int front = BinaryPrimitives.ReadInt32LittleEndian(written[4..]);
            int back = BinaryPrimitives.ReadInt32LittleEndian(written[8..]);
            _front = written.Slice(12, front).ToArray();
            _back = written.Slice(12 + front, back).ToArray();
            at = 12 + front + back;
        }

        while (at < written.Length)
        {
            int head = BinaryPrimitives.ReadInt32LittleEndian(written[(at + 4)..]);
            _groups.Add((_position + at, written.Slice(at, head).ToArray()));
            at += (int)BinaryPrimitives.ReadInt64LittleEndian(written[(at + 8)..]);
        }

        _position += at;
    }

    /// <inheritdoc/>
    public override byte[] End()
    {
        long rows = _groups.Sum(group => RowsOf(group.Head));
        ThriftWriter footer = new ThriftWriter().Fields(_front, 2).Long(3, rows).Structures(4, _groups.Count);
        foreach ((long position, byte[] head) in _groups)
        {
            WriteGroup(footer, position, head);
        }

        byte[] metadata = footer.Fields(_back, 0).ToArray();
        byte[] length = new byte[sizeof(int)];
        BinaryPrimitives.WriteInt32LittleEndian(length, metadata.Length);
        return [.. metadata, .. length, .. ParquetSchema.FileMark];
    }

    private static long RowsOf(ReadOnlySpan<byte> head) => BinaryPrimitives.ReadInt64LittleEndian(head[16..]);

    private static void WriteGroup(ThriftWriter footer, long position, byte[] head)
    {
        long first = position + head.Length;
        long at = first;
        long plain = 0;
        List<ParquetChunk> chunks = ParquetChunk.ReadAll(head.AsSpan(ParquetFraming.HeadStart));
        footer.BeginElement().Structures(1, chunks.Count);
        foreach (ParquetChunk chunk in chunks)
        {
            // ColumnChunk: the metadata stand in the footer alone, so the offset of another copy is 0.
            footer.BeginElement().Long(2, 0).Begin(3).Fields(chunk.Front, 7).Long(9, at + chunk.DictionaryLength);
            if (chunk.DictionaryLength > 0)
            {
                footer.Long(11, at);
            }

            footer.Begin(12).Fields(chunk.Statistics, 0).End().End().End();
            at += chunk.Length;
            plain += chunk.PlainLength;
        }

        footer.Long(2, plain).Long(3, RowsOf(head)).Long(5, first).Long(6, at - first).End();
    }
}
