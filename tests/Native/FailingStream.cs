namespace FlowMeter.Tests.Native;

/// <summary>Gives its bytes, a few a read, and then fails, as a disk does.</summary>
internal sealed class FailingStream(byte[] data, int bytesPerRead) : MemoryStream(data, writable: false)
{
    public override int Read(Span<byte> buffer) =>
        Position < Length ? base.Read(buffer[..Math.Min(buffer.Length, bytesPerRead)]) : throw new IOException("Input/output error");
}
