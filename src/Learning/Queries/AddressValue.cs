using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;

namespace FlowMeter.Learning.Queries;

/// <summary>An IP address as a number; addresses of the two versions are never equal.</summary>
/// <param name="Bits">Its bits, those of IPv4 in the lowest 32.</param>
/// <param name="IsV6">Whether it is of IPv6.</param>
internal readonly record struct AddressValue(UInt128 Bits, bool IsV6)
{
    private const int LongestText = 64;

    /// <summary>Bits of an address.</summary>
    public int Length => IsV6 ? 128 : 32;

    /// <summary>Reads a dotted IPv4 address or an IPv6 address in any spelling, without a scope.</summary>
    public static bool TryParse(ReadOnlySpan<byte> text, out AddressValue address)
    {
        if (TryParseDotted(text, out uint bits))
        {
            address = new AddressValue(bits, IsV6: false);
            return true;
        }

        address = default;
        Span<char> characters = stackalloc char[LongestText];
        if (text.Length is < 2 or > LongestText || text.IndexOf((byte)':') < 0 || text.IndexOf((byte)'%') >= 0
            || !System.Text.Ascii.IsValid(text))
        {
            return false;
        }

        for (int i = 0; i < text.Length; i++)
        {
            characters[i] = (char)text[i];
        }

        if (!IPAddress.TryParse(characters[..text.Length], out IPAddress? parsed) || parsed.AddressFamily != AddressFamily.InterNetworkV6)
        {
            return false;
        }

        Span<byte> bytes = stackalloc byte[16];
        _ = parsed.TryWriteBytes(bytes, out _);
        address = new AddressValue(BinaryPrimitives.ReadUInt128BigEndian(bytes), IsV6: true);
        return true;
    }

    /// <summary>The upper eight of its bytes in network order, as the key of a flow has them.</summary>
    public ulong Upper => Word(Bits >> 64);

    /// <summary>The lower eight.</summary>
    public ulong Lower => Word(Bits);

    /// <summary>Writes its 4 or 16 bytes in network order. Returns them.</summary>
    /// <param name="to">Room for 16 bytes.</param>
    public Span<byte> Write(Span<byte> to)
    {
        Span<byte> bytes = to[..16];
        BinaryPrimitives.WriteUInt128BigEndian(bytes, Bits);
        return bytes[(16 - (Length / 8))..];
    }

    /// <summary>Whether it is in a network.</summary>
    /// <param name="network">An address of the network.</param>
    /// <param name="prefix">The bits that all of its addresses begin with.</param>
    public bool IsIn(AddressValue network, int prefix) =>
        IsV6 == network.IsV6 && (prefix == 0 || ((Bits ^ network.Bits) >> (Length - prefix)) == UInt128.Zero);

    private static ulong Word(UInt128 bits) =>
        BitConverter.IsLittleEndian ? BinaryPrimitives.ReverseEndianness((ulong)bits) : (ulong)bits;

    /// <summary>Four numbers from 0 to 255, without a zero before another digit, which some programs take for an octal one.</summary>
    private static bool TryParseDotted(ReadOnlySpan<byte> text, out uint bits)
    {
        bits = 0;
        int parts = 0;
        int value = -1;
        foreach (byte c in text)
        {
            if (c == '.')
            {
                if (value < 0 || ++parts > 3)
                {
                    return false;
                }

                bits = (bits << 8) | (uint)value;
                value = -1;
            }
            else if (c is < (byte)'0' or > (byte)'9' || value == 0 || (value = (Math.Max(value, 0) * 10) + c - '0') > 255)
            {
                return false;
            }
        }

        bits = (bits << 8) | (uint)value;
        return parts == 3 && value >= 0;
    }
}
