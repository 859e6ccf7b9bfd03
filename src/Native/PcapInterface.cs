using System.Runtime.InteropServices;

namespace FlowMeter.Native;

/// <summary><c>struct pcap_if</c>: one interface in the list of pcap_findalldevs, freed with the whole list.</summary>
[StructLayout(LayoutKind.Sequential)]
internal unsafe struct PcapInterface
{
    public PcapInterface* Next;
    public byte* Name;
    public byte* Description;
    public PcapAddress* Addresses;
    public CaptureDeviceState State;
}
