namespace FlowMeter.Engine.Decode;

/// <summary>The tunnels over UDP, which are known by their port (SPEC §1).</summary>
public enum TunnelKind : byte
{
    /// <summary>No tunnel.</summary>
    None,

    /// <summary>VXLAN (RFC 7348), to its port.</summary>
    Vxlan,

    /// <summary>VXLAN-GPE (draft-ietf-nvo3-vxlan-gpe), to its port.</summary>
    VxlanGpe,

    /// <summary>GENEVE (RFC 8926), to its port.</summary>
    Geneve,

    /// <summary>GTPv1-U (3GPP TS 29.281), to or from its port.</summary>
    GtpUser,

    /// <summary>Teredo (RFC 4380), to or from its port.</summary>
    Teredo,

    /// <summary>AYIYA (draft-massar-v6ops-ayiya), to or from its port.</summary>
    Ayiya,

    /// <summary>L2TPv2 (RFC 2661) and L2TPv3 (RFC 3931), to or from their port.</summary>
    L2tp,

    /// <summary>CAPWAP data (RFC 5415), to or from its port.</summary>
    Capwap,

    /// <summary>MPLS in UDP (RFC 7510), to its port.</summary>
    Mpls,
}
