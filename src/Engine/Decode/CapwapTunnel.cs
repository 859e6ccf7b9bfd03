using static FlowMeter.Engine.Decode.PacketHeaders;

namespace FlowMeter.Engine.Decode;

/// <summary>
/// CAPWAP data (RFC 5415 §4.3) around frames of 802.3 or 802.11. Encrypted packets and keep-alives are not looked into, and of a frame in fragments only the first.
/// </summary>
internal static unsafe class CapwapTunnel
{
    public static FrameFate Decode(byte* at, uint length, InternetLayer internet, ref PacketHeaders headers)
    {
        const uint IsNative = 0x100;
        const uint IsFragment = 0x80;
        const uint IsKeepAlive = 0x08;
        const uint ReservedFlags = 0x07;
        if (length < 8)
        {
            return FrameFate.Truncated;
        }

        // Version 0 and type 0 (not DTLS); then the header's length, radio, binding and flags.
        uint word = ReadUInt32(at);
        uint header = ((word >> 19) & 0x1F) * 4;
        uint binding = (word >> 9) & 0x1F;
        uint fragmentOffset = ReadUInt16(at + 6) & 0xFFF8u;
        if (word >> 24 != 0 || header < 8 || (word & (IsKeepAlive | ReservedFlags)) != 0 || ((word & IsFragment) != 0 && fragmentOffset != 0))
        {
            return FrameFate.NonIp;
        }

        if (length < header)
        {
            return FrameFate.Truncated;
        }

        if ((word & IsNative) == 0)
        {
            return Tunnel.Ethernet(at + header, length - header, internet, ref headers);
        }

        return binding == 1 ? Wireless(at + header, length - header, internet, ref headers) : FrameFate.NonIp;
    }

    /// <summary>
    /// A data frame of IEEE 802.11 with LLC and SNAP. Many access points swap the two bytes of its frame control. A frame that is still encrypted has no such LLC header; the flag that says so may be left from before.
    /// </summary>
    private static FrameFate Wireless(byte* at, uint length, InternetLayer internet, ref PacketHeaders headers)
    {
        const byte IsBetweenStations = 0x03;
        const byte HasHighThroughput = 0x80;
        const byte HasQuality = 0x80;
        const byte HasNoData = 0x40;
        if (length < 24)
        {
            return FrameFate.Truncated;
        }

        bool isSwapped = !IsData(at[0]);
        byte kind = isSwapped ? at[1] : at[0];
        byte flags = isSwapped ? at[0] : at[1];
        if (!IsData(kind) || (kind & HasNoData) != 0)
        {
            return FrameFate.NonIp;
        }

        uint header = 24u + ((flags & IsBetweenStations) == IsBetweenStations ? 6u : 0);
        if ((kind & HasQuality) != 0)
        {
            if (length < header + 2)
            {
                return FrameFate.Truncated;
            }

            // An aggregate begins with a header like Ethernet's; only its first packet is looked at.
            bool isAggregate = (at[header] & 0x80) != 0;
            header += 2u + ((flags & HasHighThroughput) != 0 ? 4u : 0) + (isAggregate ? 14u : 0);
        }

        if (length < header + 8)
        {
            return FrameFate.Truncated;
        }

        bool isSnap = ReadUInt32(at + header) == 0xAAAA_0300 && ReadUInt16(at + header + 4) == 0;
        return isSnap ? LinkLayer.EtherType(ReadUInt16(at + header + 6), at + header + 8, length - header - 8, internet, ref headers) : FrameFate.NonIp;
    }

    /// <summary>Version 0, type 2.</summary>
    private static bool IsData(byte kind) => (kind & 0x0F) == 0x08;
}
