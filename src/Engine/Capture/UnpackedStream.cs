using FlowMeter.Native;

namespace FlowMeter.Engine.Capture;

/// <summary>What is inside gzip or zstd, or the bytes themselves where they are neither; found out at the first read.</summary>
/// <param name="packed">The bytes; disposed with this stream.</param>
internal sealed class UnpackedStream(Stream packed) : ReadOnlyStream
{
    private Stream? _plain;

    /// <inheritdoc/>
    /// <exception cref="InvalidDataException">What is compressed is damaged, or ends too soon.</exception>
    /// <exception cref="ZstandardException">It is zstd, and libzstd is not there.</exception>
    public override int Read(Span<byte> buffer) => (_plain ??= Unpack()).Read(buffer);

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            (_plain ?? packed).Dispose();
        }

        base.Dispose(disposing);
    }

    private Stream Unpack()
    {
        byte[] start = new byte[4];
        int length = packed.ReadAtLeast(start, start.Length, throwOnEndOfStream: false);
        Stream whole = new PrefixedStream(start.AsMemory(0, length), packed);
        return start.AsSpan(0, length) switch
        {
            [0x28, 0xB5, 0x2F, 0xFD] or [>= 0x50 and <= 0x5F, 0x2A, 0x4D, 0x18] => new ZstandardStream(whole),
            [0x1F, 0x8B, ..] => new GunzipStream(whole),
            _ => whole,
        };
    }
}
