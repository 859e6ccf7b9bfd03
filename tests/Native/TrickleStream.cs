namespace FlowMeter.Tests.Native;

/// <summary>Gives at most a few bytes a read, as a slow pipe does.</summary>
internal sealed class TrickleStream(byte[] data, int bytesPerRead) : MemoryStream(data, writable: false)
{
    public override int Read(Span<byte> buffer) => base.Read(buffer[..Math.Min(buffer.Length, bytesPerRead)]);
}
