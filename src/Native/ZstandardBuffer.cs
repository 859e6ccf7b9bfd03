using System.Runtime.InteropServices;

namespace FlowMeter.Native;

/// <summary>
/// <c>ZSTD_inBuffer</c> and <c>ZSTD_outBuffer</c>, which have the same layout: memory, and how far the decoder has come in it.
/// </summary>
[StructLayout(LayoutKind.Sequential)]
internal unsafe struct ZstandardBuffer
{
    public byte* First;
    public nuint Size;
    public nuint Position;
}
