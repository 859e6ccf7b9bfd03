using System.Buffers.Binary;

namespace FlowMeter.Engine.Export;

/// <summary>An information element: what a field of a record is.</summary>
/// <param name="Enterprise">The private enterprise number under which it is defined; 0 for IANA's.</param>
/// <param name="Number">Its number there, 1 to 32,767.</param>
/// <param name="Type">The type of its values.</param>
internal readonly record struct IpfixElement(uint Enterprise, ushort Number, IpfixType Type)
{
    /// <summary>The enterprise under which an element of IANA's means the other direction (RFC 5103).</summary>
    public const uint Reverse = 29305;

    private const ushort Variable = 0xFFFF;
    private const ushort HasEnterprise = 0x8000;

    /// <summary>An element that IANA assigned.</summary>
    public static IpfixElement Standard(ushort number, IpfixType type) => new(0, number, type);

    /// <summary>The bytes of a value in a record.</summary>
    public ushort Length => Type switch
    {
        IpfixType.Unsigned8 => 1,
        IpfixType.Unsigned16 => 2,
        IpfixType.Unsigned32 or IpfixType.IPv4Address => 4,
        IpfixType.IPv6Address => 16,
        IpfixType.Text => Variable,
        _ => 8,
    };

    /// <summary>Appends the field specifier (RFC 7011 §3.2).</summary>
    public void Specify(List<byte> template)
    {
        Span<byte> field = stackalloc byte[8];
        BinaryPrimitives.WriteUInt16BigEndian(field, Enterprise == 0 ? Number : (ushort)(Number | HasEnterprise));
        BinaryPrimitives.WriteUInt16BigEndian(field[2..], Length);
        BinaryPrimitives.WriteUInt32BigEndian(field[4..], Enterprise);
        template.AddRange(field[..(Enterprise == 0 ? 4 : 8)]);
    }
}
