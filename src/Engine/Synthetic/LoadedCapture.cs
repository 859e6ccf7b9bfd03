using FlowMeter.Engine.Capture;
using FlowMeter.Engine.Memory;

namespace FlowMeter.Engine.Synthetic;

/// <summary>All packets of a capture, copied into memory of its own, which it frees.</summary>
internal sealed unsafe class LoadedCapture : IDisposable
{
    private const long ChunkSize = 64 << 20;

    private readonly List<NativeColumn<byte>> _chunks = [];
    private long _used = ChunkSize;
    private long _newest = long.MinValue;
    private long _oldest = long.MaxValue;

    private LoadedCapture() => Frames = new NativeColumn<LoadedFrame>(1 << 16);

    public NativeColumn<LoadedFrame> Frames { get; private set; }

    public long Count { get; private set; }

    /// <summary>Captured bytes of all frames.</summary>
    public long Bytes { get; private set; }

    /// <summary>How much later the capture may be played again: its duration and one mean gap, in ns.</summary>
    public long Span => Math.Max(_newest - _oldest + ((_newest - _oldest) / Count), 1);

    /// <summary>Reads a source to its end.</summary>
    /// <exception cref="CaptureException">It holds no packets, or can not be read.</exception>
    public static LoadedCapture Read(IPacketSource source)
    {
        LoadedCapture capture = new();
        using PacketBatch batch = new();
        while (source.TryFill(batch))
        {
            capture.Add(batch);
        }

        if (capture.Count == 0)
        {
            capture.Dispose();
            throw new CaptureException("replay: the capture holds no packets; nothing can be played.");
        }

        return capture;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Frames.Dispose();
        foreach (NativeColumn<byte> chunk in _chunks)
        {
            chunk.Dispose();
        }
    }

    private void Add(PacketBatch batch)
    {
        for (int i = 0; i < batch.Count; i++)
        {
            uint length = batch.CapturedLength[i];
            if (_chunks.Count == 0 || _used + length > ChunkSize)
            {
                _chunks.Add(new NativeColumn<byte>(ChunkSize));
                _used = 0;
            }

            if (Count == Frames.Length)
            {
                NativeColumn<LoadedFrame> larger = new(Frames.Length * 2);
                Buffer.MemoryCopy(Frames.First, larger.First, larger.Length * sizeof(LoadedFrame), Count * sizeof(LoadedFrame));
                Frames.Dispose();
                Frames = larger;
            }

            byte* to = _chunks[^1].First + _used;
            Buffer.MemoryCopy(batch.Data[i], to, length, length);
            Frames.First[Count++] = new LoadedFrame(to, length, batch.WireLength[i], batch.Time[i], batch.LinkType);
            _used += length;
            Bytes += length;
            _newest = Math.Max(_newest, batch.Time[i]);
            _oldest = Math.Min(_oldest, batch.Time[i]);
        }
    }
}
