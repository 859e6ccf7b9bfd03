namespace FlowMeter.Engine.Export;

/// <summary>IANA's keywords of the protocols that are seen most, in small letters.</summary>
public static class ProtocolKeyword
{
    /// <summary>The keyword of a protocol number; empty for one that is not listed.</summary>
    public static ReadOnlySpan<byte> Of(int protocol) => protocol switch
    {
        1 => "icmp"u8,
        2 => "igmp"u8,
        4 => "ipv4"u8,
        6 => "tcp"u8,
        8 => "egp"u8,
        17 => "udp"u8,
        33 => "dccp"u8,
        41 => "ipv6"u8,
        46 => "rsvp"u8,
        47 => "gre"u8,
        50 => "esp"u8,
        51 => "ah"u8,
        58 => "ipv6-icmp"u8,
        88 => "eigrp"u8,
        89 => "ospfigp"u8,
        103 => "pim"u8,
        112 => "vrrp"u8,
        132 => "sctp"u8,
        136 => "udplite"u8,
        _ => default,
    };
}
