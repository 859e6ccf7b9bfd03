using FlowMeter.Native;

namespace FlowMeter.Engine.Export;

/// <summary>
/// Standard output of a Unix process. Console's stream swallows a broken pipe, and the whole input would be metered for nobody; a FileStream keeps a position of its
/// own, and in <c>flowmeter read … &gt; log 2&gt;&amp;1</c> the table and the messages would overwrite each other.
/// </summary>
internal sealed class StandardOutputStream : Stream
{
    private const int Descriptor = 1;

    public override bool CanRead => false;

    public override bool CanSeek => false;

    public override bool CanWrite => true;

    public override long Length => throw new NotSupportedException();

    public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

    public override void Write(ReadOnlySpan<byte> buffer) => Descriptors.Write(Descriptor, buffer);

    public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));

    public override void Flush()
    {
    }

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();
}
