using System.Runtime.InteropServices;

namespace FlowMeter.Native;

/// <summary>Which libraries decompress, as they say themselves.</summary>
public static unsafe class CompressionVersions
{
    /// <summary>The version of the runtime's zlib, such as "1.3.1.zlib-ng"; null where the runtime is not part of the binary.</summary>
    public static string? Zlib
    {
        get
        {
            try
            {
                return Marshal.PtrToStringUTF8((nint)Inflate.zlibVersion());
            }
            catch (EntryPointNotFoundException)
            {
                return null;
            }
        }
    }

    /// <summary>The version of the system's libzstd, such as "1.5.4"; null where there is none. The first call loads it.</summary>
    public static string? Zstandard
    {
        get
        {
            try
            {
                return Marshal.PtrToStringUTF8((nint)Native.Zstandard.ZSTD_versionString());
            }
            catch (ZstandardException)
            {
                return null;
            }
        }
    }
}
