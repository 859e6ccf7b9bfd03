using Microsoft.Win32.SafeHandles;

namespace FlowMeter.Native;

/// <summary>Owns one <c>ZSTD_DStream*</c>.</summary>
internal sealed class ZstandardDecoder() : SafeHandleZeroOrMinusOneIsInvalid(ownsHandle: true)
{
    /// <inheritdoc/>
    protected override bool ReleaseHandle() => Zstandard.ZSTD_freeDStream(handle) == 0;
}
