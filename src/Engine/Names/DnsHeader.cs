using System.Buffers.Binary;

namespace FlowMeter.Engine.Names;

/// <summary>The header of a DNS message (RFC 1035 §4.1.1), which NetBIOS has, too (RFC 1002 §4.2.1.1).</summary>
/// <param name="message">The message; at least <see cref="Length"/> bytes.</param>
internal readonly ref struct DnsHeader(ReadOnlySpan<byte> message)
{
    /// <summary>Bytes of the header.</summary>
    public const int Length = 12;

    private readonly ReadOnlySpan<byte> _bytes = message[..Length];

    /// <summary>Whether the message is an answer.</summary>
    public bool IsAnswer => (_bytes[2] & 0x80) != 0;

    /// <summary>The kind of query.</summary>
    public int Opcode => (_bytes[2] >> 3) & 0xF;

    /// <summary>What came of the query, without the bits that EDNS adds.</summary>
    public int Rcode => _bytes[3] & 0xF;

    /// <summary>Entries of the question section, as stated.</summary>
    public int Questions => BinaryPrimitives.ReadUInt16BigEndian(_bytes[4..]);

    /// <summary>Entries of the answer section, as stated.</summary>
    public int Answers => BinaryPrimitives.ReadUInt16BigEndian(_bytes[6..]);

    /// <summary>Entries of the two sections after it, as stated.</summary>
    public int Others => BinaryPrimitives.ReadUInt16BigEndian(_bytes[8..]) + BinaryPrimitives.ReadUInt16BigEndian(_bytes[10..]);
}
