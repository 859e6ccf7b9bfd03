namespace FlowMeter.Engine.Capture;

/// <summary>Bytes of input read so far, before decompression. Several threads may read several inputs.</summary>
public sealed class InputProgress
{
    private long _bytes;

    /// <summary>Bytes read so far.</summary>
    public long Bytes => Volatile.Read(ref _bytes);

    internal void Add(long bytes) => Interlocked.Add(ref _bytes, bytes);
}
