using System.Buffers.Binary;
using System.Buffers.Text;
using System.Runtime.InteropServices;
using FlowMeter.Engine.Ciphers;
using FlowMeter.Engine.Decode;

namespace FlowMeter.Engine.Export;

/// <summary>
/// Community ID v1 with seed 0, as Zeek and Suricata print it (github.com/corelight/community-id-spec). Ports are those of TCP, UDP and
/// SCTP; ICMP has its type and code in their place, which a flow's key does not hold.
/// </summary>
internal static class CommunityId
{
    /// <summary>Bytes of every ID: "1:" and 20 bytes in base64.</summary>
    public const int Length = 30;

    private const byte Icmp = 1;
    private const byte Icmp6 = 58;

    /// <summary>Whether IDs of this protocol are made of a message's type and code.</summary>
    public static bool IsOfMessage(byte protocol) => protocol is Icmp or Icmp6;

    /// <summary>Writes the ID of a flow. Returns its bytes: 0 for ICMP, whose messages have one each.</summary>
    public static int Write(Span<byte> to, in FlowKey key) => IsOfMessage(key.Protocol)
        ? 0
        : Write(to, in key, fromB: false, key.PortA, key.PortB, key.Protocol is 6 or 17 or 132, isOneWay: false);

    /// <summary>Writes the ID of an ICMP message. Returns its bytes.</summary>
    public static int Write(Span<byte> to, in FlowKey key, bool fromB, byte type, byte code)
    {
        int answer = key.Protocol == Icmp ? AnswerTo(type) : AnswerToVersion6(type);
        return Write(to, in key, fromB, type, (ushort)(answer < 0 ? code : answer), hasPorts: true, isOneWay: answer < 0);
    }

    /// <summary>
    /// Hashes seed, lower address, higher address, protocol, a zero and their ports, big-endian; where messages go one way only, the ends
    /// stay as they are.
    /// </summary>
    private static int Write(
        Span<byte> to, in FlowKey key, bool fromB, ushort sourcePort, ushort destinationPort, bool hasPorts, bool isOneWay)
    {
        Span<ulong> words = fromB ? [key.BUpper, key.BLower, key.AUpper, key.ALower] : [key.AUpper, key.ALower, key.BUpper, key.BLower];
        ReadOnlySpan<byte> bytes = MemoryMarshal.AsBytes(words);
        int skipped = key.Version == 4 ? 12 : 0;
        ReadOnlySpan<byte> source = bytes[skipped..16];
        ReadOnlySpan<byte> destination = bytes[(16 + skipped)..32];
        int order = source.SequenceCompareTo(destination);
        if (!isOneWay && (order > 0 || (order == 0 && sourcePort > destinationPort)))
        {
            ReadOnlySpan<byte> other = source;
            source = destination;
            destination = other;
            (sourcePort, destinationPort) = (destinationPort, sourcePort);
        }

        Span<byte> message = stackalloc byte[Sha1Block.LongestMessage];
        message.Clear();
        int length = 2;
        source.CopyTo(message[length..]);
        length += source.Length;
        destination.CopyTo(message[length..]);
        length += destination.Length;
        message[length] = key.Protocol;
        length += 2;
        if (hasPorts)
        {
            BinaryPrimitives.WriteUInt16BigEndian(message[length..], sourcePort);
            BinaryPrimitives.WriteUInt16BigEndian(message[(length + 2)..], destinationPort);
            length += 4;
        }

        Span<byte> digest = stackalloc byte[Sha1Block.DigestLength];
        Sha1Block.Hash(message[..length], digest);
        "1:"u8.CopyTo(to);
        Base64.EncodeToUtf8(digest, to[2..], out _, out int written);
        return 2 + written;
    }

    /// <summary>The type that answers an ICMP message, or that it answers; -1 for messages without answers.</summary>
    private static int AnswerTo(byte type) => type switch
    {
        0 => 8,
        8 => 0,
        9 => 10,
        10 => 9,
        13 => 14,
        14 => 13,
        15 => 16,
        16 => 15,
        17 => 18,
        18 => 17,
        _ => -1,
    };

    /// <summary>The same for ICMPv6.</summary>
    private static int AnswerToVersion6(byte type) => type switch
    {
        128 or 130 or 133 or 135 or 139 or 144 => type + 1,
        129 or 131 or 134 or 136 or 140 or 145 => type - 1,
        _ => -1,
    };
}
