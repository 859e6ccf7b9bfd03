namespace FlowMeter.Engine.Capture;

/// <summary>
/// LINKTYPE_ values of the savefile formats that are decoded (SPEC §1); any other value is carried as a number and its frames are skipped.
/// </summary>
public enum LinkType
{
    /// <summary>BSD loopback, address family in the byte order of the capturing host.</summary>
    Null = 0,

    /// <summary>Ethernet II and 802.3.</summary>
    Ethernet = 1,

    /// <summary>PPP, with or without HDLC's address and control.</summary>
    Ppp = 9,

    /// <summary>Raw IP, as DLT_RAW of most systems wrote it into files.</summary>
    RawBsd = 12,

    /// <summary>Raw IP, as DLT_RAW of OpenBSD wrote it into files.</summary>
    RawOpenBsd = 14,

    /// <summary>PPP or Cisco HDLC in HDLC-like frames.</summary>
    PppHdlc = 50,

    /// <summary>Raw IP; the version nibble tells which.</summary>
    Raw = 101,

    /// <summary>Cisco HDLC.</summary>
    CiscoHdlc = 104,

    /// <summary>IEEE 802.11 without a header of the radio.</summary>
    Wireless = 105,

    /// <summary>OpenBSD loopback, address family in network byte order.</summary>
    Loop = 108,

    /// <summary>BSD's IPsec interface, behind its address family.</summary>
    Enc = 109,

    /// <summary>Linux cooked capture v1.</summary>
    LinuxSll = 113,

    /// <summary>The packet filter's log of OpenBSD.</summary>
    PfLog = 117,

    /// <summary>IEEE 802.11 behind a Prism or AVS header.</summary>
    Prism = 119,

    /// <summary>IEEE 802.11 behind a radiotap header.</summary>
    Radiotap = 127,

    /// <summary>IEEE 802.11 behind an AVS header.</summary>
    Avs = 163,

    /// <summary>Per-packet information, behind which any link type may come.</summary>
    Ppi = 192,

    /// <summary>Raw IPv4.</summary>
    IPv4 = 228,

    /// <summary>Raw IPv6.</summary>
    IPv6 = 229,

    /// <summary>Linux's netfilter log.</summary>
    NfLog = 239,

    /// <summary>Linux cooked capture v2.</summary>
    LinuxSll2 = 276,
}
