using System.Runtime.InteropServices;

namespace FlowMeter.Native;

/// <summary>
/// The runtime's own zlib, by the names that System.IO.Compression calls it by: it is part of every .NET program. Its streams throw before
/// they hand over what was inflated in front of the damage.
/// </summary>
internal static unsafe partial class Inflate
{
    internal const int Ok = 0;
    internal const int StreamEnd = 1;
    internal const int BufferError = -5;

    // Raw deflate data with the largest window there is.
    internal const int RawWindow = -15;

    private const string Library = "libSystem.IO.Compression.Native";

    [LibraryImport(Library)]
    internal static partial int CompressionNative_InflateInit2_(InflateState* stream, int windowBits);

    [LibraryImport(Library)]
    internal static partial int CompressionNative_InflateReset2_(InflateState* stream, int windowBits);

    [LibraryImport(Library)]
    internal static partial int CompressionNative_Inflate(InflateState* stream, int flush);

    [LibraryImport(Library)]
    internal static partial int CompressionNative_InflateEnd(InflateState* stream);

    [LibraryImport(Library)]
    internal static partial uint CompressionNative_Crc32(uint crc, byte* buffer, int length);

    // Only where the runtime is linked into the binary: its shared library keeps this one to itself.
    [LibraryImport(Library)]
    internal static partial byte* zlibVersion();
}
