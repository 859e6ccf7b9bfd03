namespace FlowMeter.Engine.Names;

/// <summary>Versions of QUIC that are in use, as long headers have them.</summary>
internal static class QuicVersion
{
    /// <summary>Version 1 (RFC 9000).</summary>
    public const uint First = 1;

    /// <summary>Version 2 (RFC 9369).</summary>
    public const uint Second = 0x6B33_43CF;

    private const uint Draft29 = 0xFF00_001D;
    private const uint Draft32 = 0xFF00_0020;

    /// <summary>Whether a number is that of a version: 1, 2, a draft, Google's before the standard, or one that nobody has.</summary>
    public static bool IsKnown(uint version) =>
        version is First or Second || version >> 8 == 0xFF_0000 || version >> 16 is 0x5130 or 0x5430
            || (version & 0x0F0F_0F0F) == 0x0A0A_0A0A;

    /// <summary>Whether the first packets of a version can be read. Drafts from 29 on differ from version 1 in the salt alone.</summary>
    public static bool HasKeys(uint version) => version is First or Second or (>= Draft29 and <= Draft32);

    /// <summary>The type of a client's first packets, in bits 4 and 5 of the first byte (RFC 9369 §3.2).</summary>
    public static int InitialType(uint version) => version == Second ? 1 : 0;
}
