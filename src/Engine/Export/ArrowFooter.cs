using System.Buffers.Binary;
using FlowMeter.Engine.Output;

namespace FlowMeter.Engine.Export;

/// <summary>
/// Ends a file of Arrow's random access format: a flatbuffer with the schema and the place of every record batch (File.fbs), behind which
/// stand its length and the mark of such files.
/// </summary>
internal sealed class ArrowFooter : FileTrailer
{
    private const int BlockLength = 24;
    private const int FirstBlock = 48;

    private readonly List<(long At, ArrowMessage Message)> _batches = [];
    private byte[] _schema = [];
    private int _schemaTable;
    private long _position;

    /// <inheritdoc/>
    public override void Add(ReadOnlySpan<byte> written)
    {
        int at = 0;
        if (_position == 0 && !written.IsEmpty)
        {
            at = ArrowFraming.FileMark.Length;
            ArrowMessage schema = ArrowMessage.Read(written[at..])!.Value;
            _schema = written[(at + ArrowMessage.Prefix)..(at + schema.Metadata)].ToArray();
            _schemaTable = schema.Header;
            at += schema.Metadata;
        }

        while (at < written.Length)
        {
            ArrowMessage batch = ArrowMessage.Read(written[at..])!.Value;
            _batches.Add((_position + at, batch));
            at += (int)(batch.Metadata + batch.Body);
        }

        _position += at;
    }

    /// <inheritdoc/>
    public override byte[] End()
    {
        // Tables of a flatbuffer are found by offsets to what lies behind, so the schema's message is taken over as it stands.
        int schema = FirstBlock + (BlockLength * _batches.Count);
        byte[] footer = new byte[schema + _schema.Length];
        ReadOnlySpan<ushort> fields = [12, 20, 4, 8, 12, 16];
        BinaryPrimitives.WriteInt32LittleEndian(footer, 16);
        for (int i = 0; i < fields.Length; i++)
        {
            BinaryPrimitives.WriteUInt16LittleEndian(footer.AsSpan(4 + (2 * i)), fields[i]);
        }

        const short version5 = 4;
        BinaryPrimitives.WriteInt32LittleEndian(footer.AsSpan(16), 12);
        BinaryPrimitives.WriteInt16LittleEndian(footer.AsSpan(20), version5);
        BinaryPrimitives.WriteInt32LittleEndian(footer.AsSpan(24), schema + _schemaTable - 24);
        BinaryPrimitives.WriteInt32LittleEndian(footer.AsSpan(28), 36 - 28);
        BinaryPrimitives.WriteInt32LittleEndian(footer.AsSpan(32), 44 - 32);
        BinaryPrimitives.WriteInt32LittleEndian(footer.AsSpan(44), _batches.Count);
        for (int i = 0; i < _batches.Count; i++)
        {
            (long at, ArrowMessage message) = _batches[i];
            Span<byte> block = footer.AsSpan(FirstBlock + (BlockLength * i), BlockLength);
            BinaryPrimitives.WriteInt64LittleEndian(block, at);
            BinaryPrimitives.WriteInt32LittleEndian(block[8..], message.Metadata);
            BinaryPrimitives.WriteInt64LittleEndian(block[16..], message.Body);
        }

        _schema.CopyTo(footer, schema);
        byte[] length = new byte[sizeof(int)];
        BinaryPrimitives.WriteInt32LittleEndian(length, footer.Length);
        return [.. ArrowMessage.EndOfStream, .. footer, .. length, .. ArrowFraming.FileMark[..6]];
    }
}
