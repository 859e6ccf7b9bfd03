using static FlowMeter.Engine.Decode.PacketHeaders;

namespace FlowMeter.Engine.Decode;

/// <summary>Tells an IP packet from bytes that only look like one, where no header announces it.</summary>
internal static unsafe class InnerPacket
{
    // Ethernet pads short frames to 60 bytes, headers included.
    private const long MaxPadding = 46;
    private const long FrameChecksum = 4;

    /// <summary>
    /// Whether the bytes are an IP packet that fills the <paramref name="room"/> there is, but for a short frame's padding; an IPv4
    /// header's checksum has to be right.
    /// </summary>
    public static bool Fits(byte* at, uint length, long room)
    {
        if (length >= 20 && at[0] >> 4 == 4)
        {
            uint header = (at[0] & 0x0Fu) * 4;
            uint stated = ReadUInt16(at + 2);
            return header >= 20 && header <= length && stated >= header && Fills(stated, room) && Sum(at, header) == 0xFFFF;
        }

        return length >= 40 && at[0] >> 4 == 6 && Fills(ReadUInt16(at + 4) + 40u, room);
    }

    /// <summary>
    /// Whether the bytes are an IP packet that ends within the <paramref name="room"/> there is; an IPv4 header's checksum has to be right.
    /// </summary>
    public static bool IsWithin(byte* at, uint length, long room)
    {
        if (length >= 20 && at[0] >> 4 == 4)
        {
            uint header = (at[0] & 0x0Fu) * 4;
            uint stated = ReadUInt16(at + 2);
            return header >= 20 && header <= length && stated >= header && stated <= room && Sum(at, header) == 0xFFFF;
        }

        if (length < 40 || at[0] >> 4 != 6)
        {
            return false;
        }

        // IPv6 has no checksum: nothing but padding and the frame's own checksum may follow it.
        long slack = room - (ReadUInt16(at + 4) + 40L);
        return slack >= 0 && (slack <= FrameChecksum || room <= MaxPadding);
    }

    private static bool Fills(uint stated, long room) => stated == room || (stated < room && room <= MaxPadding);

    private static uint Sum(byte* at, uint length)
    {
        uint sum = 0;
        for (uint i = 0; i < length; i += 2)
        {
            sum += ReadUInt16(at + i);
        }

        sum = (sum & 0xFFFF) + (sum >> 16);
        return (sum & 0xFFFF) + (sum >> 16);
    }
}
