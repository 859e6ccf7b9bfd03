using System.Runtime.InteropServices;

namespace FlowMeter.Native;

/// <summary>
/// The functions of pcap/pcap.h that FlowMeter calls, by their C names (libpcap 1.5 or later, 64-bit). Pointers that libpcap returns belong
/// to libpcap; each function's man page says until when they are valid.
/// </summary>
public static unsafe partial class LibPcap
{
    internal const int PCAP_ERRBUF_SIZE = 256;
    internal const uint PCAP_NETMASK_UNKNOWN = 0xffffffff;
    internal const int PCAP_TSTAMP_PRECISION_NANO = 1;

    // Opening.
    [LibraryImport(Library)]
    internal static partial PcapHandle pcap_open_dead_with_tstamp_precision(int linktype, int snaplen, uint precision);

    [LibraryImport(Library, StringMarshalling = StringMarshalling.Utf8)]
    internal static partial PcapHandle pcap_create(string source, byte* errbuf);

    [LibraryImport(Library)]
    internal static partial int pcap_set_snaplen(PcapHandle p, int snaplen);

    [LibraryImport(Library)]
    internal static partial int pcap_set_promisc(PcapHandle p, int promisc);

    [LibraryImport(Library)]
    internal static partial int pcap_set_timeout(PcapHandle p, int to_ms);

    [LibraryImport(Library)]
    internal static partial int pcap_set_buffer_size(PcapHandle p, int buffer_size);

    [LibraryImport(Library)]
    internal static partial int pcap_set_tstamp_precision(PcapHandle p, int tstamp_precision);

    [LibraryImport(Library)]
    internal static partial int pcap_get_tstamp_precision(PcapHandle p);

    [LibraryImport(Library)]
    internal static partial int pcap_activate(PcapHandle p);

    [LibraryImport(Library)]
    internal static partial int pcap_setdirection(PcapHandle p, CaptureDirection d);

    [LibraryImport(Library)]
    internal static partial int pcap_setnonblock(PcapHandle p, int nonblock, byte* errbuf);

    // Called by PcapHandle alone, which owns the pcap_t.
    [LibraryImport(Library)]
    internal static partial void pcap_close(nint p);

    // Packets received and sent.
    [LibraryImport(Library)]
    internal static partial int pcap_dispatch(
        PcapHandle p, int cnt, delegate* unmanaged[Cdecl]<byte*, PcapPacketHeader*, byte*, void> callback, byte* user);

    [LibraryImport(Library)]
    internal static partial void pcap_breakloop(PcapHandle p);

    [LibraryImport(Library, SetLastError = true)]
    internal static partial int pcap_inject(PcapHandle p, byte* buf, nuint size);

    // Filters.
    [LibraryImport(Library, StringMarshalling = StringMarshalling.Utf8)]
    internal static partial int pcap_compile(PcapHandle p, BpfProgram* fp, string str, int optimize, uint netmask);

    [LibraryImport(Library)]
    internal static partial int pcap_setfilter(PcapHandle p, BpfProgram* fp);

    // A few jumps over the packet's bytes: it takes no lock and calls nothing back, so the GC can wait for it, and the switch to preemptive
    // mode and back is left out.
    [LibraryImport(Library)]
    [SuppressGCTransition]
    internal static partial int pcap_offline_filter(BpfProgram* fp, PcapPacketHeader* h, byte* pkt);

    [LibraryImport(Library)]
    internal static partial void pcap_freecode(BpfProgram* fp);

    // What a handle is.
    [LibraryImport(Library)]
    internal static partial int pcap_datalink(PcapHandle p);

    [LibraryImport(Library)]
    internal static partial byte* pcap_datalink_val_to_name(int dlt);

    [LibraryImport(Library)]
    internal static partial int pcap_snapshot(PcapHandle p);

    [LibraryImport(Library)]
    internal static partial int pcap_stats(PcapHandle p, PcapStatistics* ps);

    [LibraryImport(Library)]
    internal static partial int pcap_fileno(PcapHandle p);

    // Not in wpcap.dll: Windows waits on events.
    [LibraryImport(Library)]
    internal static partial int pcap_get_selectable_fd(PcapHandle p);

    // Interfaces.
    [LibraryImport(Library)]
    internal static partial int pcap_findalldevs(PcapInterface** alldevsp, byte* errbuf);

    [LibraryImport(Library)]
    internal static partial void pcap_freealldevs(PcapInterface* alldevs);

    [LibraryImport(Library, StringMarshalling = StringMarshalling.Utf8)]
    internal static partial int pcap_lookupnet(string device, uint* netp, uint* maskp, byte* errbuf);

    // Text.
    [LibraryImport(Library)]
    internal static partial byte* pcap_geterr(PcapHandle p);

    [LibraryImport(Library)]
    internal static partial byte* pcap_statustostr(int error);

    [LibraryImport(Library)]
    internal static partial byte* pcap_lib_version();

    /// <summary>A copy of a C string.</summary>
    /// <returns>The text; empty for a null pointer.</returns>
    internal static string Text(byte* text) => Marshal.PtrToStringUTF8((nint)text) ?? "";
}
