namespace FlowMeter.Engine.Observe;

/// <summary>LINKTYPE_ values of the savefile formats that are decoded (SPEC §1); any other value is carried as a number and its frames are skipped.</summary>
public enum LinkType
{
    /// <summary>BSD loopback, address family in the byte order of the capturing host.</summary>
    Null = 0,

    /// <summary>Ethernet II and 802.3.</summary>
    Ethernet = 1,

    /// <summary>Raw IP, as DLT_RAW of most systems wrote it into files.</summary>
    RawBsd = 12,

    /// <summary>Raw IP, as DLT_RAW of OpenBSD wrote it into files.</summary>
    RawOpenBsd = 14,

    /// <summary>Raw IP; the version nibble tells which.</summary>
    Raw = 101,

    /// <summary>OpenBSD loopback, address family in network byte order.</summary>
    Loop = 108,

    /// <summary>Linux cooked capture v1.</summary>
    LinuxSll = 113,

    /// <summary>Raw IPv4.</summary>
    IPv4 = 228,

    /// <summary>Raw IPv6.</summary>
    IPv6 = 229,

    /// <summary>Linux cooked capture v2.</summary>
    LinuxSll2 = 276,
}
