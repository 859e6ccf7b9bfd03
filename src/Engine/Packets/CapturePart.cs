using FlowMeter.Engine.Output;

namespace FlowMeter.Engine.Packets;

/// <summary>One part of a split capture. Whole records are written at a time, so that what a full disk leaves can be read.</summary>
public sealed class CapturePart
{
    private const int BufferLength = 256 << 10;

    private readonly RowOutput? _output;
    private readonly byte[] _buffer;
    private int _length;

    /// <summary>Writes the file header to an output, which stays the caller's; null for a part that is only counted.</summary>
    internal CapturePart(RowOutput? output, ReadOnlySpan<byte> header)
    {
        _output = output;
        _buffer = output == null ? [] : new byte[BufferLength];
        output?.Begin(header);
    }

    /// <summary>Frames of this part.</summary>
    public long Frames { get; private set; }

    /// <summary>Their bytes on the wire.</summary>
    public long Bytes { get; private set; }

    /// <summary>Adds the record of a packet.</summary>
    internal void Add(ReadOnlySpan<byte> record, uint wireLength)
    {
        Frames++;
        Bytes += wireLength;
        AddBlocks(record);
    }

    /// <summary>Adds whole blocks.</summary>
    internal void AddBlocks(ReadOnlySpan<byte> blocks)
    {
        if (_output == null)
        {
            return;
        }

        if (blocks.Length > _buffer.Length - _length)
        {
            Flush();
        }

        if (blocks.Length > _buffer.Length)
        {
            _output.Write(blocks);
            return;
        }

        blocks.CopyTo(_buffer.AsSpan(_length));
        _length += blocks.Length;
    }

    /// <summary>Writes what is held back.</summary>
    internal void Flush()
    {
        int length = _length;
        _length = 0;
        _output?.Write(_buffer.AsSpan(0, length));
    }
}
