using System.Buffers.Binary;
using System.Globalization;
using System.Net;

namespace FlowMeter.Tests.Oracle;

/// <summary>An address and its family; so 192.0.2.1 and ::ffff:192.0.2.1 are two addresses.</summary>
internal readonly record struct ReferenceAddress(bool IsIPv6, UInt128 Value) : IComparable<ReferenceAddress>
{
    public static ReferenceAddress Read(ReadOnlySpan<byte> bytes)
    {
        return bytes.Length == 4
            ? new ReferenceAddress(false, BinaryPrimitives.ReadUInt32BigEndian(bytes))
            : new ReferenceAddress(true, BinaryPrimitives.ReadUInt128BigEndian(bytes));
    }

    public static ReferenceAddress Parse(string text) => Read(IPAddress.Parse(text).GetAddressBytes());

    public int CompareTo(ReferenceAddress other)
    {
        return IsIPv6 == other.IsIPv6 ? Value.CompareTo(other.Value) : IsIPv6.CompareTo(other.IsIPv6);
    }

    /// <summary>
    /// RFC 5952. Not System.Net.IPAddress for IPv6: that one also writes ISATAP, IPv4-compatible and translated addresses in
    /// mixed notation.
    /// </summary>
    public override string ToString()
    {
        if (!IsIPv6)
        {
            return Dotted((uint)Value);
        }
        if (Value >> 32 == 0xFFFF)
        {
            return "::ffff:" + Dotted((uint)Value);
        }
        int[] groups = new int[8];
        for (int i = 0; i < 8; i++)
        {
            groups[i] = (int)(ushort)(Value >> (112 - (16 * i)));
        }
        (int zeros, int zerosLength) = LongestZeros(groups);
        return zerosLength < 2
            ? Hexadecimal(groups)
            : Hexadecimal(groups[..zeros]) + "::" + Hexadecimal(groups[(zeros + zerosLength)..]);
    }

    private static (int Start, int Length) LongestZeros(int[] groups)
    {
        (int Start, int Length) longest = (0, 0);
        for (int start = 0; start < 8; start++)
        {
            int length = groups.Skip(start).TakeWhile(group => group == 0).Count();
            if (length > longest.Length)
            {
                longest = (start, length);
            }
        }
        return longest;
    }

    private static string Hexadecimal(int[] groups)
    {
        return string.Join(':', groups.Select(group => group.ToString("x", CultureInfo.InvariantCulture)));
    }

    private static string Dotted(uint value) => $"{value >> 24}.{(byte)(value >> 16)}.{(byte)(value >> 8)}.{(byte)value}";
}
