using System.Buffers.Binary;
using FlowMeter.Tests.Support;

namespace FlowMeter.Tests.Oracle;

/// <summary>
/// SPEC §1. What it leaves open is decided so:
/// IP's own length fields do not matter, only what was captured;
/// a frame is truncated where addresses or ports are missing: options, and an extension header after its first eight bytes, may be cut short if no ports come after them;
/// a wrong version nibble or header length is malformed as soon as its byte is there, however short the frame is;
/// raw IP of a version that is neither 4 nor 6 is malformed, an MPLS payload of such a version is not IP;
/// an EtherType below 0x600 is an LLC length, and not IP;
/// a version nibble that contradicts EtherType, address family or linktype is malformed, IPv6 included;
/// a ninth IPv6 extension header is malformed;
/// a TCP header whose length was not captured has the least it can, 20 bytes;
/// an IPv6 payload length of 0 means up to the frame's wire length, as IPv4's 0 does, unless there is no next header.
/// </summary>
internal sealed partial class ReferenceDecoder(bool decapsulate = false)
{
    private readonly bool _decapsulate = decapsulate;
    private readonly ReferenceFragments _fragments = new();
    private long _wireLength;

    public ReferencePacket Decode(in Frame frame)
    {
        byte[] bytes = frame.Captured;
        long time = frame.TimestampNs;
        _wireLength = frame.OriginalLength;
        return frame.LinkType switch
        {
            1 => bytes.Length < 14 ? Truncated : EtherType(bytes, UInt16(bytes, 12), 14, time),
            0 or 108 => bytes.Length < 4 ? Truncated : AddressFamily(bytes, time),
            12 or 14 or 101 => RawIP(bytes, time),
            113 => bytes.Length < 16 ? Truncated : EtherType(bytes, UInt16(bytes, 14), 16, time),
            228 => IPv4(bytes, 0, time),
            229 => IPv6(bytes, 0, time),
            276 => bytes.Length < 20 ? Truncated : EtherType(bytes, UInt16(bytes, 0), 20, time),
            _ => ReferencePacket.Skipped(ReferenceOutcome.UnsupportedLinkType),
        };
    }

    private static ReferencePacket Truncated => ReferencePacket.Skipped(ReferenceOutcome.Truncated);

    private static ReferencePacket Malformed => ReferencePacket.Skipped(ReferenceOutcome.Malformed);

    private static ReferencePacket NonIp => ReferencePacket.Skipped(ReferenceOutcome.NonIp);

    /// <summary>What an EtherType announces at an offset: a tag, after which the next EtherType comes, or a payload.</summary>
    private ReferencePacket EtherType(byte[] bytes, ushort type, int at, long time)
    {
        while (type is 0x8100 or 0x88A8 or 0x9100)
        {
            if (bytes.Length - at < 4)
            {
                return Truncated;
            }
            type = UInt16(bytes, at + 2);
            at += 4;
        }
        return type switch
        {
            0x0800 => IPv4(bytes, at, time),
            0x86DD => IPv6(bytes, at, time),
            0x8847 or 0x8848 => Mpls(bytes, at, time),
            0x8864 => PppoeSession(bytes, at, time),
            _ => NonIp,
        };
    }

    private ReferencePacket Mpls(byte[] bytes, int at, long time)
    {
        bool bottomOfStack = false;
        while (!bottomOfStack)
        {
            if (bytes.Length - at < 4)
            {
                return Truncated;
            }
            bottomOfStack = (bytes[at + 2] & 1) != 0;
            at += 4;
        }
        if (bytes.Length - at < 1)
        {
            return Truncated;
        }
        return (bytes[at] >> 4) switch
        {
            4 => IPv4(bytes, at, time),
            6 => IPv6(bytes, at, time),
            _ => NonIp,
        };
    }

    private ReferencePacket PppoeSession(byte[] bytes, int at, long time)
    {
        if (bytes.Length - at < 8)
        {
            return Truncated;
        }
        return UInt16(bytes, at + 6) switch
        {
            0x21 => IPv4(bytes, at + 8, time),
            0x57 => IPv6(bytes, at + 8, time),
            _ => NonIp,
        };
    }

    /// <summary>NULL and LOOP: the family, in the byte order of the machine that captured. No number means two families.</summary>
    private ReferencePacket AddressFamily(byte[] bytes, long time)
    {
        uint family = BinaryPrimitives.ReadUInt32BigEndian(bytes);
        uint swapped = BinaryPrimitives.ReverseEndianness(family);
        return Math.Min(family, swapped) switch
        {
            2 => IPv4(bytes, 4, time),
            10 or 24 or 28 or 30 => IPv6(bytes, 4, time),
            _ => NonIp,
        };
    }

    private ReferencePacket RawIP(byte[] bytes, long time)
    {
        if (bytes.Length < 1)
        {
            return Truncated;
        }
        return (bytes[0] >> 4) switch
        {
            4 => IPv4(bytes, 0, time),
            6 => IPv6(bytes, 0, time),
            _ => Malformed,
        };
    }

    private static ushort UInt16(byte[] bytes, int at) => BinaryPrimitives.ReadUInt16BigEndian(bytes.AsSpan(at));
}
