using FlowMeter.Engine.Output;

namespace FlowMeter.Engine.Packets;

/// <summary>One part of a split capture. For one thread.</summary>
public sealed class CapturePart
{
    private readonly RecordBuffer? _buffer;

    /// <summary>Writes the file header to an output, which stays the caller's; null for a part that is only counted.</summary>
    internal CapturePart(RowOutput? output, ReadOnlySpan<byte> header)
    {
        _buffer = output == null ? null : new RecordBuffer(output);
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
        _buffer?.Add(record);
    }

    /// <summary>Adds whole blocks.</summary>
    internal void AddBlocks(ReadOnlySpan<byte> blocks) => _buffer?.Add(blocks);

    /// <summary>Writes what is held back.</summary>
    internal void Flush() => _buffer?.Flush();
}
