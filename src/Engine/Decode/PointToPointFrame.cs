using static FlowMeter.Engine.Decode.PacketHeaders;

namespace FlowMeter.Engine.Decode;

/// <summary>PPP (RFC 1661, RFC 1662): address and control fields may be left out, and the protocol field may have one byte.</summary>
internal static unsafe class PointToPointFrame
{
    public static DecodeResult Decode(byte* at, uint length, InternetLayer internet, ref PacketHeaders headers)
    {
        DecodeResult result = Read(at, length, out ushort type, out uint size);
        return result == DecodeResult.Metered ? LinkLayer.EtherType(type, at + size, length - size, internet, ref headers) : result;
    }

    /// <summary>Reads the header alone.</summary>
    /// <param name="at">Its first byte.</param>
    /// <param name="length">Bytes that may be read.</param>
    /// <param name="type">The EtherType of what follows it.</param>
    /// <param name="size">Its size in bytes.</param>
    /// <returns>Metered if something that may be metered follows.</returns>
    public static DecodeResult Read(byte* at, uint length, out ushort type, out uint size)
    {
        type = 0;
        size = length >= 2 && ReadUInt16(at) == 0xFF03 ? 2u : 0;
        // Only the last byte of a protocol number is odd.
        bool isShort = length > size && (at[size] & 1) != 0;
        if (length < size + (isShort ? 1 : 2))
        {
            return DecodeResult.Truncated;
        }

        ushort protocol = isShort ? at[size] : ReadUInt16(at + size);
        size += isShort ? 1u : 2u;
        type = protocol switch
        {
            0x21 => 0x0800,
            0x57 => 0x86DD,
            0x281 => 0x8847,
            0x283 => 0x8848,
            _ => 0,
        };
        return type == 0 ? DecodeResult.NonIp : DecodeResult.Metered;
    }
}
