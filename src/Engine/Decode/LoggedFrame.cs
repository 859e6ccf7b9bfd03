using System.Buffers.Binary;
using static FlowMeter.Engine.Decode.PacketHeaders;

namespace FlowMeter.Engine.Decode;

/// <summary>IP packets as packet filters log them: Linux's NFLOG and the BSDs' PFLOG.</summary>
internal static unsafe class LoggedFrame
{
    private const int MaximumAttributes = 64;

    /// <summary>NFLOG: a family, then attributes in the byte order of the capturing host, of which one is the packet.</summary>
    public static FrameFate NfLog(byte* at, uint length, InternetLayer internet, ref PacketHeaders headers)
    {
        const ushort Payload = 9;
        uint offset = 4;
        for (int i = 0; i < MaximumAttributes; i++)
        {
            if (length < offset + 4)
            {
                return FrameFate.Truncated;
            }

            // Attribute numbers are small: the byte that is 0 tells the order.
            byte* attribute = at + offset;
            bool isLittle = attribute[3] == 0;
            ushort type = isLittle ? attribute[2] : ReadUInt16(attribute + 2);
            uint size = isLittle ? BinaryPrimitives.ReverseEndianness(ReadUInt16(attribute)) : ReadUInt16(attribute);
            if (size < 4)
            {
                return FrameFate.Malformed;
            }

            if (type == Payload)
            {
                return LinkLayer.Family(at[0], attribute + 4, length - offset - 4, internet, ref headers);
            }

            offset += (size + 3) & ~3u;
        }

        return FrameFate.Malformed;
    }

    /// <summary>PFLOG: the header's length, rounded up to four bytes, and the address family.</summary>
    public static FrameFate PfLog(byte* at, uint length, InternetLayer internet, ref PacketHeaders headers)
    {
        const uint Least = 45;
        if (length < 2)
        {
            return FrameFate.Truncated;
        }

        if (at[0] < Least)
        {
            return FrameFate.Malformed;
        }

        uint size = (at[0] + 3u) & ~3u;
        return length < size ? FrameFate.Truncated : LinkLayer.Family(at[1], at + size, length - size, internet, ref headers);
    }
}
