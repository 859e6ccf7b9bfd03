namespace FlowMeter.Engine.Observe;

/// <summary>Bytes of input read so far, before decompression. Written by the reading thread, read by any.</summary>
public sealed class InputProgress
{
    private long _bytes;

    /// <summary>Bytes read so far.</summary>
    public long Bytes => Volatile.Read(ref _bytes);

    internal void Add(long bytes) => Volatile.Write(ref _bytes, _bytes + bytes);
}
