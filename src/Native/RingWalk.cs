using System.Buffers.Binary;
using System.Runtime.CompilerServices;

namespace FlowMeter.Native;

/// <summary>
/// The way through the packets of one block of a ring, TPACKET_V3 of the kernel's Documentation/networking/packet_mmap.rst. The kernel
/// takes the outer VLAN tag off a frame and keeps it beside it: it is put back in place, as libpcap does, before the frame is shown.
/// </summary>
internal unsafe struct RingWalk
{
    // Two addresses of Ethernet, before the tag.
    private const int TagOffset = 12;
    private const int TagLength = 4;
    private const ushort UsualTagType = 0x8100;

    // struct tpacket3_hdr and the struct sockaddr_ll behind it. Between them and the frame there are 14 bytes with an Ethernet header.
    private const int HeaderLength = 48 + 20;

    private readonly bool _isEthernet;
    private readonly uint _snapLength;
    private byte* _next;
    private uint _left;

    /// <summary>Begins at the first packet of a block that has been handed over.</summary>
    /// <param name="block">The block.</param>
    /// <param name="isEthernet">Whether its frames may have had a tag.</param>
    /// <param name="snapLength">Most bytes to show of a packet, with its tag.</param>
    public RingWalk(byte* block, bool isEthernet, uint snapLength)
    {
        RingBlock* header = (RingBlock*)block;
        _isEthernet = isEthernet;
        _snapLength = snapLength;
        _next = block + header->FirstOffset;
        _left = header->Count;
    }

    /// <summary>Whether there are packets to come.</summary>
    public readonly bool HasMore => _left != 0;

    /// <summary>Points at the next packets.</summary>
    /// <param name="columns">Where to say what they are; room for <paramref name="countMax"/>.</param>
    /// <param name="countMax">Most packets.</param>
    /// <returns>How many there were.</returns>
    public int Take(PacketPointers columns, int countMax)
    {
        int count = (int)Math.Min((uint)countMax, _left);
        byte* next = _next;
        for (int i = 0; i < count; i++)
        {
            RingPacket* packet = (RingPacket*)next;
            byte* data = next + packet->LinkOffset;
            uint captured = packet->CapturedLength;
            uint wire = packet->WireLength;
            if (((packet->Status & RingPacket.HasTag) | packet->Tag) != 0 && _isEthernet)
            {
                data = PutTagBack(packet, data, ref captured, ref wire);
            }

            RingPrefetch.Ask(next, packet->NextOffset);
            columns.Data[i] = data;
            columns.CapturedLength[i] = Math.Min(captured, _snapLength);
            columns.WireLength[i] = wire;
            columns.Time[i] = (packet->Seconds * 1_000_000_000L) + packet->Nanoseconds;
            next += packet->NextOffset;
        }

        _next = next;
        _left -= (uint)count;
        return count;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static byte* PutTagBack(RingPacket* packet, byte* data, ref uint captured, ref uint wire)
    {
        if (captured < TagOffset || packet->LinkOffset < HeaderLength + TagLength)
        {
            return data;
        }

        ushort type = (packet->Status & RingPacket.HasTagType) != 0 ? packet->TagType : UsualTagType;
        Buffer.MemoryCopy(data, data - TagLength, TagOffset, TagOffset);
        data -= TagLength;
        BinaryPrimitives.WriteUInt16BigEndian(new Span<byte>(data + TagOffset, 2), type);
        BinaryPrimitives.WriteUInt16BigEndian(new Span<byte>(data + TagOffset + 2, 2), (ushort)packet->Tag);
        captured += TagLength;
        wire += TagLength;
        return data;
    }
}
