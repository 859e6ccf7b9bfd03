namespace FlowMeter.Native;

/// <summary>
/// The two numberings of link types. Savefiles carry LINKTYPE_ values, the same everywhere; libpcap's functions speak DLT_ values, which
/// for a few old types differ by system. FlowMeter speaks LINKTYPE_ and converts here, as pcap-common.c does on Linux, macOS and Windows.
/// </summary>
public static unsafe class DataLink
{
    /// <summary>The DLT_ value for a LINKTYPE_ value.</summary>
    public static int FromLinkType(int linkType) => linkType switch
    {
        100 => 11, // ATM_RFC1483
        101 => 12, // RAW
        102 => 15, // SLIP_BSDOS
        103 => 16, // PPP_BSDOS
        106 => 19, // ATM_CLIP
        _ => linkType,
    };

    /// <summary>The LINKTYPE_ value for a DLT_ value.</summary>
    public static int ToLinkType(int dataLink) => dataLink switch
    {
        11 => 100,
        12 => 101,
        15 => 102,
        16 => 103,
        19 => 106,
        _ => dataLink,
    };

    /// <summary>libpcap's short name for a link type, such as "EN10MB"; null for one it does not know.</summary>
    /// <exception cref="PcapException">libpcap is not installed.</exception>
    public static string? NameOf(int linkType)
    {
        byte* name = LibPcap.pcap_datalink_val_to_name(FromLinkType(linkType));
        return name is null ? null : LibPcap.Text(name);
    }
}
