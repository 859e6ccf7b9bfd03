using System.Buffers;
using System.Buffers.Binary;

namespace FlowMeter.Engine.Export;

/// <summary>Makes a row group of a Parquet file of each batch; they stand behind <see cref="ParquetSchema.Header"/>.</summary>
internal sealed class ParquetBatchEncoder : BatchEncoder
{
    private readonly ParquetPages _encoder = new();
    private readonly ArrayBufferWriter<byte> _head = new();
    private readonly ArrayBufferWriter<byte> _pages = new();
    private byte[] _group = [];

    /// <inheritdoc/>
    public override ReadOnlySpan<byte> Encode(IReadOnlyList<BatchColumn> columns, int count)
    {
        _head.ResetWrittenCount();
        _pages.ResetWrittenCount();
        _head.Write(ParquetFraming.HeadMark);
        _head.GetSpan(ParquetFraming.HeadStart);
        _head.Advance(ParquetFraming.HeadStart - ParquetFraming.HeadMark.Length);
        foreach (BatchColumn column in columns)
        {
            _encoder.Encode(column, count, _pages).Write(_head);
        }

        int length = _head.WrittenCount + _pages.WrittenCount;
        if (_group.Length < length)
        {
            _group = new byte[length];
        }

        _head.WrittenSpan.CopyTo(_group);
        _pages.WrittenSpan.CopyTo(_group.AsSpan(_head.WrittenCount));
        BinaryPrimitives.WriteInt32LittleEndian(_group.AsSpan(4), _head.WrittenCount);
        BinaryPrimitives.WriteInt64LittleEndian(_group.AsSpan(8), length);
        BinaryPrimitives.WriteInt64LittleEndian(_group.AsSpan(16), count);
        return _group.AsSpan(0, length);
    }
}
