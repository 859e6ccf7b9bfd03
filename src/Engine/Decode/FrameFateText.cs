using System.Text;

namespace FlowMeter.Engine.Decode;

/// <summary>How the reasons for which frames are skipped are spelled in every output (SPEC §1).</summary>
public static class FrameFateText
{
    /// <summary>All reasons for which a frame is skipped, in the order in which outputs have them.</summary>
    public static IReadOnlyList<FrameFate> Skipped { get; } =
        [FrameFate.NonIp, FrameFate.Truncated, FrameFate.Malformed, FrameFate.Encrypted, FrameFate.UnsupportedLinkType];

    /// <summary>The word for a fate as UTF-8.</summary>
    public static ReadOnlySpan<byte> Utf8(FrameFate fate) => fate switch
    {
        FrameFate.Metered => "metered"u8,
        FrameFate.NonIp => "non_ip"u8,
        FrameFate.Truncated => "truncated"u8,
        FrameFate.Malformed => "malformed"u8,
        FrameFate.Encrypted => "encrypted"u8,
        _ => "unsupported_linktype"u8,
    };

    /// <summary>The word for a fate.</summary>
    public static string Name(FrameFate fate) => Encoding.ASCII.GetString(Utf8(fate));
}
