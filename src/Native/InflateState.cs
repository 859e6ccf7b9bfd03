using System.Runtime.InteropServices;

namespace FlowMeter.Native;

/// <summary>PAL_ZStream of the runtime's pal_zlib.h.</summary>
[StructLayout(LayoutKind.Sequential)]
internal unsafe struct InflateState
{
    public byte* NextIn;
    public byte* NextOut;
    public byte* Message;
    public void* Internal;
    public uint AvailableIn;
    public uint AvailableOut;
}
