using System.Runtime.InteropServices;

namespace FlowMeter.Native;

/// <summary>The functions of zstd.h that compress and decompress, by their C names (libzstd 1.4 or later).</summary>
internal static unsafe partial class Zstandard
{
    internal const string Library = "zstd";

    // ZSTD_dParameter.
    internal const int ZSTD_d_windowLogMax = 100;

    private const string Missing =
        "libzstd was not found; it is needed to read and write files compressed with zstd. "
        + "Install it (Debian and Ubuntu: apt install libzstd1; Fedora: dnf install libzstd; macOS: brew install zstd; "
        + "Windows: libzstd.dll beside the program).";

    private static nint _library;

    static Zstandard() => ImportResolver.Install();

    private static string[] Names =>
        OperatingSystem.IsWindows() ? ["libzstd.dll", "zstd.dll"]
        : OperatingSystem.IsMacOS() ? ["libzstd.dylib", "/opt/homebrew/lib/libzstd.dylib", "/usr/local/lib/libzstd.dylib"]
        : ["libzstd.so.1", "libzstd.so"];

    /// <summary>The loaded library.</summary>
    /// <exception cref="ZstandardException">There is none; the message says what to install.</exception>
    internal static nint Load() => _library != 0 ? _library : _library = Load(Names);

    /// <summary>What the library says that it is; null where there is none.</summary>
    internal static string? Version
    {
        get
        {
            try
            {
                return Marshal.PtrToStringUTF8((nint)ZSTD_versionString());
            }
            catch (ZstandardException)
            {
                return null;
            }
        }
    }

    internal static nint Load(ReadOnlySpan<string> names)
    {
        nint library = ImportResolver.LoadFirst(names);
        return library != 0 ? library : throw new ZstandardException(Missing);
    }

    [LibraryImport(Library)]
    internal static partial ZstandardDecoder ZSTD_createDStream();

    // Called by ZstandardDecoder alone, which owns the stream.
    [LibraryImport(Library)]
    internal static partial nuint ZSTD_freeDStream(nint zds);

    [LibraryImport(Library)]
    internal static partial nuint ZSTD_DStreamInSize();

    [LibraryImport(Library)]
    internal static partial nuint ZSTD_DCtx_setParameter(ZstandardDecoder dctx, int param, int value);

    [LibraryImport(Library)]
    internal static partial nuint ZSTD_decompressStream(ZstandardDecoder zds, ZstandardBuffer* output, ZstandardBuffer* input);

    [LibraryImport(Library)]
    internal static partial nuint ZSTD_compressBound(nuint srcSize);

    [LibraryImport(Library)]
    internal static partial nuint ZSTD_compress(byte* dst, nuint dstCapacity, byte* src, nuint srcSize, int compressionLevel);

    [LibraryImport(Library)]
    internal static partial uint ZSTD_isError(nuint code);

    [LibraryImport(Library)]
    internal static partial byte* ZSTD_getErrorName(nuint code);

    [LibraryImport(Library)]
    private static partial byte* ZSTD_versionString();
}
