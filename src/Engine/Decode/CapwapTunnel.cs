using static FlowMeter.Engine.Decode.PacketHeaders;

namespace FlowMeter.Engine.Decode;

/// <summary>
/// CAPWAP data (RFC 5415 §4.3) around frames of 802.3 or 802.11. Encrypted packets and keep-alives are not looked into, and of a frame in
/// fragments only the first.
/// </summary>
internal static unsafe class CapwapTunnel
{
    public static DecodeResult Decode(byte* at, uint length, InternetLayer internet, ref PacketHeaders headers)
    {
        const uint IsNative = 0x100;
        const uint IsFragment = 0x80;
        const uint IsKeepAlive = 0x08;
        const uint ReservedFlags = 0x07;
        if (length < 8)
        {
            return DecodeResult.Truncated;
        }

        // Version 0 and type 0 (not DTLS); then the header's length, radio, binding and flags.
        uint word = ReadUInt32(at);
        uint header = ((word >> 19) & 0x1F) * 4;
        uint binding = (word >> 9) & 0x1F;
        uint fragmentOffset = ReadUInt16(at + 6) & 0xFFF8u;
        if (word >> 24 != 0 || header < 8 || (word & (IsKeepAlive | ReservedFlags)) != 0
            || ((word & IsFragment) != 0 && fragmentOffset != 0))
        {
            return DecodeResult.NonIp;
        }

        if (length < header)
        {
            return DecodeResult.Truncated;
        }

        if ((word & IsNative) == 0)
        {
            return Tunnel.Ethernet(at + header, length - header, internet, ref headers);
        }

        return binding == 1 ? WirelessFrame.Forwarded(at + header, length - header, internet, ref headers) : DecodeResult.NonIp;
    }
}
