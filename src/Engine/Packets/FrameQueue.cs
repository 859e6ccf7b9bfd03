using FlowMeter.Engine.Capture;
using FlowMeter.Engine.Memory;

namespace FlowMeter.Engine.Packets;

/// <summary>
/// A queue of frames from one worker to the thread that sends them, as records in a ring of bytes. Neither waits for the other: where
/// there is no room a frame is not taken.
/// </summary>
internal sealed unsafe class FrameQueue : IDisposable
{
    private const int Capacity = 8 << 20;
    private const int Alignment = 16;

    // In place of a captured length: the rest of the ring is not used, go on at its beginning.
    private const uint Skip = uint.MaxValue;

    private readonly NativeColumn<byte> _bytes = new(Capacity);
    private long _written;
    private long _read;
    private long _dropped;

    /// <summary>Frames that there was no room for; from any thread.</summary>
    public long Dropped => Volatile.Read(ref _dropped);

    /// <summary>Puts in the frames of whole records, as far as there is room. For the worker's thread.</summary>
    public void Enqueue(ReadOnlySpan<byte> records)
    {
        while (!records.IsEmpty)
        {
            int length = (int)PcapRecord.LengthOf(records);
            if (!TryPut(records[..length]))
            {
                _dropped++;
            }

            records = records[length..];
        }
    }

    /// <summary>The next frame, which stays until <see cref="Release"/>; false if there is none. For the sending thread.</summary>
    public bool TryPeek(out ReadOnlySpan<byte> frame, out uint wire)
    {
        while (_read < Volatile.Read(ref _written))
        {
            int at = (int)(_read % Capacity);
            uint* header = (uint*)(_bytes.First + at);
            if (header[2] == Skip)
            {
                Volatile.Write(ref _read, _read + Capacity - at);
                continue;
            }

            frame = new ReadOnlySpan<byte>(_bytes.First + at + PcapRecord.HeaderLength, (int)header[2]);
            wire = header[3];
            return true;
        }

        frame = default;
        wire = 0;
        return false;
    }

    /// <summary>Takes out the frame that <see cref="TryPeek"/> gave.</summary>
    public void Release(ReadOnlySpan<byte> frame) => Volatile.Write(ref _read, _read + Aligned(PcapRecord.HeaderLength + frame.Length));

    /// <inheritdoc/>
    public void Dispose() => _bytes.Dispose();

    private static int Aligned(int length) => (length + Alignment - 1) & ~(Alignment - 1);

    private bool TryPut(ReadOnlySpan<byte> record)
    {
        long written = _written;
        int at = (int)(written % Capacity);
        int skipped = Aligned(record.Length) > Capacity - at ? Capacity - at : 0;
        long end = written + skipped + Aligned(record.Length);
        if (end - Volatile.Read(ref _read) > Capacity)
        {
            return false;
        }

        if (skipped > 0)
        {
            ((uint*)(_bytes.First + at))[2] = Skip;
            at = 0;
        }

        record.CopyTo(new Span<byte>(_bytes.First + at, record.Length));
        Volatile.Write(ref _written, end);
        return true;
    }
}
