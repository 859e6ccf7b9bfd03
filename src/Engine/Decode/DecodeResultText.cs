using System.Text;

namespace FlowMeter.Engine.Decode;

/// <summary>How the reasons for which frames are skipped are spelled in every output (SPEC §1).</summary>
public static class DecodeResultText
{
    /// <summary>All reasons for which a frame is skipped, in the order in which outputs have them.</summary>
    public static IReadOnlyList<DecodeResult> Skipped { get; } =
        [DecodeResult.NonIp, DecodeResult.Truncated, DecodeResult.Malformed, DecodeResult.Encrypted, DecodeResult.UnsupportedLinkType];

    /// <summary>The word for a decode result as UTF-8.</summary>
    public static ReadOnlySpan<byte> Utf8(DecodeResult result) => result switch
    {
        DecodeResult.Metered => "metered"u8,
        DecodeResult.NonIp => "non_ip"u8,
        DecodeResult.Truncated => "truncated"u8,
        DecodeResult.Malformed => "malformed"u8,
        DecodeResult.Encrypted => "encrypted"u8,
        _ => "unsupported_linktype"u8,
    };

    /// <summary>The word for a decode result.</summary>
    public static string Name(DecodeResult result) => Encoding.ASCII.GetString(Utf8(result));
}
