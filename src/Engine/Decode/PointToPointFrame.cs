using static FlowMeter.Engine.Decode.PacketHeaders;

namespace FlowMeter.Engine.Decode;

/// <summary>PPP (RFC 1661, RFC 1662) as tunnels carry it: address and control fields may be left out, and the protocol field may have one byte.</summary>
internal static unsafe class PointToPointFrame
{
    public static FrameFate Decode(byte* at, uint length, InternetLayer internet, ref PacketHeaders headers)
    {
        uint offset = length >= 2 && ReadUInt16(at) == 0xFF03 ? 2u : 0;
        if (length < offset + 2)
        {
            return FrameFate.Truncated;
        }

        // Only the last byte of a protocol number is odd.
        ushort protocol = (at[offset] & 1) != 0 ? at[offset] : ReadUInt16(at + offset);
        offset += (at[offset] & 1) != 0 ? 1u : 2u;
        return protocol switch
        {
            0x21 => internet.IPv4(at + offset, length - offset, ref headers),
            0x57 => internet.IPv6(at + offset, length - offset, ref headers),
            0x281 or 0x283 => LinkLayer.EtherType(0x8847, at + offset, length - offset, internet, ref headers),
            _ => FrameFate.NonIp,
        };
    }
}
