using System.Runtime.InteropServices;

namespace FlowMeter.Library;

/// <summary>ArrowArrayStream of the Arrow C stream interface: batches of one schema, one after the other.</summary>
[StructLayout(LayoutKind.Sequential)]
internal unsafe struct CStream
{
    public delegate* unmanaged<CStream*, CSchema*, int> GetSchema;
    public delegate* unmanaged<CStream*, CArray*, int> GetNext;
    public delegate* unmanaged<CStream*, byte*> GetLastError;
    public delegate* unmanaged<CStream*, void> Release;
    public void* PrivateData;
}
