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

    // What is linked into a single file is known by its name alone, which is another one on Windows.
#if FOR_WINDOWS
    private const string Library = "System.IO.Compression.Native";
#else
    private const string Library = "libSystem.IO.Compression.Native";
#endif

    /// <summary>What zlib says that it is; null where the runtime keeps it to itself, as it does when it compiles just in time.</summary>
    internal static string? Version
    {
        get
        {
            try
            {
                return Marshal.PtrToStringUTF8((nint)zlibVersion());
            }
            catch (Exception e) when (e is EntryPointNotFoundException or DllNotFoundException)
            {
                return null;
            }
        }
    }

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

    [LibraryImport(Library)]
    private static partial byte* zlibVersion();
}
