using System.Buffers.Binary;
using FlowMeter.Tests.Support;

namespace FlowMeter.Tests.Oracle;

/// <summary>
/// SPEC §1. What it leaves open is decided so:
/// IP's own length fields do not matter, only what was captured;
/// a frame is truncated where addresses or ports are missing: options, and an extension header after its first eight bytes, may be cut
/// short if no ports come after them; a wrong version nibble or header length is malformed as soon as its byte is there, however short the
/// frame is; raw IP of a version that is neither 4 nor 6 is malformed, an MPLS payload of such a version is a pseudowire or not IP; an
/// address family that means IPv6 on one system and something else on others is IPv6 where the version says so; an EtherType of at most
/// 1500 is an LLC length, one up to 0x600 not IP; a version nibble that contradicts EtherType, address family or linktype is malformed,
/// IPv6 included; a ninth IPv6 extension header is malformed; an IPv6 payload length of 0 means up to the frame's wire length, as IPv4's 0
/// does, unless there is no next header.
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
        return Link(bytes, frame.LinkType, 0, time);
    }

    private static ReferencePacket Truncated => ReferencePacket.Skipped(ReferenceOutcome.Truncated);

    private static ReferencePacket Malformed => ReferencePacket.Skipped(ReferenceOutcome.Malformed);

    private static ReferencePacket Encrypted => ReferencePacket.Skipped(ReferenceOutcome.Encrypted);

    private static ReferencePacket NonIp => ReferencePacket.Skipped(ReferenceOutcome.NonIp);

    /// <summary>NULL and LOOP: the family, in the byte order of the machine that captured. No number means two families.</summary>
    private ReferencePacket AddressFamily(byte[] bytes, uint family, int at, long time)
    {
        uint swapped = BinaryPrimitives.ReverseEndianness(family);
        if (family >= 0x10000 && swapped >= 0x10000)
        {
            return s_known.Contains((ushort)(family % 0x10000)) ? EtherType(bytes, (ushort)(family % 0x10000), at, time) : NonIp;
        }
        bool mayBeSix = bytes.Length == at || bytes[at] / 16 == 6;
        return (family < 0x10000 ? family : swapped) switch
        {
            2 => IPv4(bytes, at, time),
            24 or 28 or 30 => IPv6(bytes, at, time),
            10 or 23 or 26 => mayBeSix ? IPv6(bytes, at, time) : NonIp,
            > 1500 and < 0x10000 and uint type => EtherType(bytes, (ushort)type, at, time),
            _ => NonIp,
        };
    }

    private ReferencePacket RawIP(byte[] bytes, int at, long time)
    {
        if (bytes.Length - at < 1)
        {
            return Truncated;
        }
        return (bytes[at] >> 4) switch
        {
            4 => IPv4(bytes, at, time),
            6 => IPv6(bytes, at, time),
            _ => Malformed,
        };
    }

    private static ushort UInt16(byte[] bytes, int at) => BinaryPrimitives.ReadUInt16BigEndian(bytes.AsSpan(at));
}
