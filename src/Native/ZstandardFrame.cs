using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace FlowMeter.Native;

/// <summary>
/// Bytes as one zstd frame (RFC 8878) behind a skippable one that says how long both are and what else its writer wants known. Frames
/// behind each other are a zstd file; every program that reads zstd skips the note.
/// </summary>
public static unsafe class ZstandardFrame
{
    /// <summary>Bytes in front of the compressed ones, which is what <see cref="Measure"/> needs.</summary>
    public const int HeaderLength = 20;

    private const int NoteLength = 12;

    // The fastest with a full entropy coder.
    private const int Level = 1;

    private static ReadOnlySpan<byte> Start => [0x5D, 0x2A, 0x4D, 0x18, NoteLength, 0, 0, 0, (byte)'F', (byte)'L', (byte)'M', (byte)'T'];

    /// <summary>Sees that libzstd is there.</summary>
    /// <exception cref="ZstandardException">It is not; the message says what to install.</exception>
    public static void Require() => Zstandard.Load();

    /// <summary>Compresses bytes.</summary>
    /// <param name="bytes">What to compress.</param>
    /// <param name="note">A number of the writer's choice.</param>
    /// <param name="target">Gets both frames in place of what it holds.</param>
    /// <exception cref="ZstandardException">There is no libzstd, or it has no memory.</exception>
    public static void Write(ReadOnlySpan<byte> bytes, uint note, MemoryStream target)
    {
        nuint room = Zstandard.ZSTD_compressBound((nuint)bytes.Length);
        target.SetLength(HeaderLength + (long)room);
        Span<byte> frame = target.GetBuffer();
        Start.CopyTo(frame);
        nuint length;
        fixed (byte* first = bytes, to = frame[HeaderLength..])
        {
            length = Zstandard.ZSTD_compress(to, room, first, (nuint)bytes.Length, Level);
        }

        if (Zstandard.ZSTD_isError(length) != 0)
        {
            throw new ZstandardException($"zstd: {Marshal.PtrToStringUTF8((nint)Zstandard.ZSTD_getErrorName(length))}");
        }

        target.SetLength(HeaderLength + (long)length);
        BinaryPrimitives.WriteUInt32LittleEndian(frame[Start.Length..], (uint)target.Length);
        BinaryPrimitives.WriteUInt32LittleEndian(frame[(Start.Length + 4)..], note);
    }

    /// <summary>Length of both frames that begin here, and the note; null if none of this kind do.</summary>
    public static (long Length, uint Note)? Measure(ReadOnlySpan<byte> start) =>
        start.Length >= HeaderLength && start.StartsWith(Start)
        && BinaryPrimitives.ReadUInt32LittleEndian(start[Start.Length..]) is var length and > HeaderLength
            ? (length, BinaryPrimitives.ReadUInt32LittleEndian(start[(Start.Length + 4)..]))
            : null;
}
