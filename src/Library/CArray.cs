using System.Runtime.InteropServices;

namespace FlowMeter.Library;

/// <summary>ArrowArray of the Arrow C data interface: the values of a column, or of a batch with its columns as children.</summary>
[StructLayout(LayoutKind.Sequential)]
internal unsafe struct CArray
{
    public long Length;
    public long NullCount;
    public long Offset;
    public long BufferCount;
    public long ChildCount;
    public void** Buffers;
    public CArray** Children;
    public CArray* Dictionary;
    public delegate* unmanaged<CArray*, void> Release;
    public void* PrivateData;
}
