using System.Runtime.InteropServices;

namespace FlowMeter.Library;

/// <summary>ArrowSchema of the Arrow C data interface: the name and type of a column, or of a batch with its columns as children.</summary>
[StructLayout(LayoutKind.Sequential)]
internal unsafe struct CSchema
{
    /// <summary>A column may have no value.</summary>
    public const long Nullable = 2;

    public byte* Format;
    public byte* Name;
    public byte* Metadata;
    public long Flags;
    public long ChildCount;
    public CSchema** Children;
    public CSchema* Dictionary;
    public delegate* unmanaged<CSchema*, void> Release;
    public void* PrivateData;
}
