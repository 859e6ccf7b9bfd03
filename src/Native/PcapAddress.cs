using System.Runtime.InteropServices;

namespace FlowMeter.Native;

/// <summary>
/// <c>struct pcap_addr</c>: one address of an interface. The pointers are to <c>struct sockaddr</c>; all but the first may be null.
/// </summary>
[StructLayout(LayoutKind.Sequential)]
internal unsafe struct PcapAddress
{
    public PcapAddress* Next;
    public byte* Address;
    public byte* Netmask;
    public byte* Broadcast;
    public byte* Destination;
}
