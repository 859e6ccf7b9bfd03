using System.Buffers.Binary;
using System.IO.Compression;

namespace FlowMeter.Native;

/// <summary>
/// Bytes as one member of a gzip file (RFC 1952) that says at its beginning, in an extra field <c>FM</c>, how long it is and what else its
/// writer wants known. Members behind each other are a gzip file; every program that reads gzip skips the field.
/// </summary>
public static class GzipMember
{
    /// <summary>Bytes in front of the compressed ones, which is what <see cref="Measure"/> needs.</summary>
    public const int HeaderLength = 24;

    private const int TrailerLength = 8;

    private static ReadOnlySpan<byte> Start =>
        [0x1F, 0x8B, 8, /* extra field */ 4, 0, 0, 0, 0, /* fastest */ 4, /* unknown system */ 255, 12, 0, (byte)'F', (byte)'M', 8, 0];

    /// <summary>Compresses bytes.</summary>
    /// <param name="bytes">What to compress.</param>
    /// <param name="note">A number of the writer's choice.</param>
    /// <param name="target">Gets the member in place of what it holds.</param>
    public static unsafe void Write(ReadOnlySpan<byte> bytes, uint note, MemoryStream target)
    {
        target.SetLength(0);
        target.Write(Start);
        target.Write(stackalloc byte[HeaderLength - Start.Length]);
        using (DeflateStream deflate = new(target, CompressionLevel.Fastest, leaveOpen: true))
        {
            deflate.Write(bytes);
        }

        Span<byte> trailer = stackalloc byte[TrailerLength];
        fixed (byte* first = bytes)
        {
            BinaryPrimitives.WriteUInt32LittleEndian(trailer, Inflate.CompressionNative_Crc32(0, first, bytes.Length));
        }

        BinaryPrimitives.WriteInt32LittleEndian(trailer[4..], bytes.Length);
        target.Write(trailer);
        Span<byte> lengths = target.GetBuffer().AsSpan(Start.Length, 8);
        BinaryPrimitives.WriteUInt32LittleEndian(lengths, (uint)target.Length);
        BinaryPrimitives.WriteUInt32LittleEndian(lengths[4..], note);
    }

    /// <summary>Length and note of the member that begins here; null if none of this kind does.</summary>
    public static (long Length, uint Note)? Measure(ReadOnlySpan<byte> start) =>
        start.Length >= HeaderLength && start.StartsWith(Start)
        && BinaryPrimitives.ReadUInt32LittleEndian(start[Start.Length..]) is var length and >= HeaderLength + TrailerLength
            ? (length, BinaryPrimitives.ReadUInt32LittleEndian(start[(Start.Length + 4)..]))
            : null;
}
