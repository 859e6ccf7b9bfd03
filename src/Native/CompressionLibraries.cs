using System.Runtime.InteropServices;

namespace FlowMeter.Native;

/// <summary>Which libraries decompress captures, for <c>--version</c> and the bill of materials.</summary>
public static class CompressionLibraries
{
    /// <summary>zlib, which is part of the .NET runtime and, in a native binary, of the binary.</summary>
    public static string Zlib =>
        $"zlib {(Inflate.Version is { } version ? $"{version} " : "")}of {RuntimeInformation.FrameworkDescription}";

    /// <summary>libzstd, which the system may have; null where it has none.</summary>
    public static string? Zstd => Zstandard.Version is { } version ? $"libzstd {version}" : null;
}
