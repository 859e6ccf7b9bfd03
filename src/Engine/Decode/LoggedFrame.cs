using System.Buffers.Binary;
using static FlowMeter.Engine.Decode.PacketHeaders;

namespace FlowMeter.Engine.Decode;

/// <summary>IP packets as packet filters log them: Linux's NFLOG and the BSDs' PFLOG.</summary>
internal static unsafe class LoggedFrame
{
    private const int MaxAttributes = 64;

    /// <summary>NFLOG: a family, then attributes in the byte order of the capturing host, of which one is the packet.</summary>
    public static DecodeResult NfLog(byte* at, uint length, InternetLayer internet, ref PacketHeaders headers)
    {
        const ushort PacketHeader = 1;
        const ushort Payload = 9;
        const ushort TypeMask = 0x3FFF;
        uint offset = 4;
        ushort protocol = 0;

        // Attribute numbers are small: the byte of the first one that is 0, but for two flags, tells the order of all.
        bool isLittle = length >= 8 && (at[7] & (TypeMask >> 8)) == 0;
        for (int i = 0; i < MaxAttributes; i++)
        {
            if (length < offset + 4)
            {
                return DecodeResult.Truncated;
            }

            byte* attribute = at + offset;
            uint type = TypeMask & Read(attribute + 2, isLittle);
            uint size = Read(attribute, isLittle);
            if (size < 4)
            {
                return DecodeResult.Malformed;
            }

            if (type == Payload)
            {
                return Logged(at[0], protocol, attribute + 4, length - offset - 4, internet, ref headers);
            }

            if (type == PacketHeader && size >= 6 && length >= offset + 6)
            {
                protocol = ReadUInt16(attribute + 4);
            }

            offset += (size + 3) & ~3u;
        }

        return DecodeResult.Malformed;
    }

    private static uint Read(byte* at, bool isLittle) => isLittle ? BinaryPrimitives.ReverseEndianness(ReadUInt16(at)) : ReadUInt16(at);

    /// <summary>
    /// Linux's IPv4 and IPv6; for bridges and devices the packet header's protocol, always in network byte order, says what it is.
    /// </summary>
    private static DecodeResult Logged(
        byte family, ushort protocol, byte* at, uint length, InternetLayer internet, ref PacketHeaders headers)
    {
        const ushort LogicalLink = 4;
        return family switch
        {
            2 => internet.IPv4(at, length, ref headers),
            10 => internet.IPv6(at, length, ref headers),
            _ => protocol is LogicalLink or > 1500 ? LinkLayer.EtherType(protocol, at, length, internet, ref headers) : DecodeResult.NonIp,
        };
    }

    /// <summary>PFLOG: the header's length, rounded up to four bytes, and the address family.</summary>
    public static DecodeResult PfLog(byte* at, uint length, InternetLayer internet, ref PacketHeaders headers)
    {
        const uint Least = 45;
        if (length < 2)
        {
            return DecodeResult.Truncated;
        }

        if (at[0] < Least)
        {
            return DecodeResult.Malformed;
        }

        uint size = (at[0] + 3u) & ~3u;
        return length < size ? DecodeResult.Truncated : LinkLayer.Family(at[1], at + size, length - size, internet, ref headers);
    }
}
