using System.Buffers.Binary;
using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace FlowMeter.Engine.Text;

/// <summary>Writes IP addresses: IPv4 as dotted decimals, IPv6 in the canonical form of RFC 5952.</summary>
public static unsafe class AddressText
{
    /// <summary>
    /// Bytes a caller must have free: eight groups of four with seven colons. Bytes past the returned pointer may be overwritten up to
    /// this.
    /// </summary>
    public const int MaxLength = 39;

    private const int Groups = 8;

    // Every octet with its dot, four bytes each.
    private static ReadOnlySpan<byte> Octets =>
        "0.  1.  2.  3.  4.  5.  6.  7.  8.  9.  10. 11. 12. 13. 14. 15. "u8 +
        "16. 17. 18. 19. 20. 21. 22. 23. 24. 25. 26. 27. 28. 29. 30. 31. "u8 +
        "32. 33. 34. 35. 36. 37. 38. 39. 40. 41. 42. 43. 44. 45. 46. 47. "u8 +
        "48. 49. 50. 51. 52. 53. 54. 55. 56. 57. 58. 59. 60. 61. 62. 63. "u8 +
        "64. 65. 66. 67. 68. 69. 70. 71. 72. 73. 74. 75. 76. 77. 78. 79. "u8 +
        "80. 81. 82. 83. 84. 85. 86. 87. 88. 89. 90. 91. 92. 93. 94. 95. "u8 +
        "96. 97. 98. 99. 100.101.102.103.104.105.106.107.108.109.110.111."u8 +
        "112.113.114.115.116.117.118.119.120.121.122.123.124.125.126.127."u8 +
        "128.129.130.131.132.133.134.135.136.137.138.139.140.141.142.143."u8 +
        "144.145.146.147.148.149.150.151.152.153.154.155.156.157.158.159."u8 +
        "160.161.162.163.164.165.166.167.168.169.170.171.172.173.174.175."u8 +
        "176.177.178.179.180.181.182.183.184.185.186.187.188.189.190.191."u8 +
        "192.193.194.195.196.197.198.199.200.201.202.203.204.205.206.207."u8 +
        "208.209.210.211.212.213.214.215.216.217.218.219.220.221.222.223."u8 +
        "224.225.226.227.228.229.230.231.232.233.234.235.236.237.238.239."u8 +
        "240.241.242.243.244.245.246.247.248.249.250.251.252.253.254.255."u8;

    /// <summary>Writes an IPv4 address: "192.0.2.1".</summary>
    /// <param name="destination">Room for <see cref="MaxLength"/> bytes.</param>
    /// <param name="address">Four bytes in network order.</param>
    /// <returns>The byte after the text.</returns>
    public static byte* WriteV4(byte* destination, byte* address)
    {
        destination = WriteOctet(destination, address[0]);
        destination = WriteOctet(destination, address[1]);
        destination = WriteOctet(destination, address[2]);
        return WriteOctet(destination, address[3]) - 1;
    }

    /// <summary>
    /// Writes an IPv6 address: lowercase, no leading zeros, the longest run of at least two zero groups (the first of equals) as "::", and
    /// the IPv4-mapped ones as "::ffff:192.0.2.1".
    /// </summary>
    /// <param name="destination">Room for <see cref="MaxLength"/> bytes.</param>
    /// <param name="address">Sixteen bytes in network order.</param>
    /// <returns>The byte after the text.</returns>
    public static byte* WriteV6(byte* destination, byte* address)
    {
        ulong high = ReadBigEndian(address);
        ulong low = ReadBigEndian(address + 8);
        if (high == 0 && low >> 32 == 0xFFFF)
        {
            "::ffff:"u8.CopyTo(new Span<byte>(destination, MaxLength));
            return WriteV4(destination + 7, address + 12);
        }

        (int start, int end) = LongestZeroRun(address);
        for (int group = 0; group < Groups; group++)
        {
            if (group == start)
            {
                *destination++ = (byte)':';
                group = end - 1;
                continue;
            }

            if (group != 0)
            {
                *destination++ = (byte)':';
            }

            ulong half = group < Groups / 2 ? high : low;
            destination = WriteGroup(destination, (ushort)(half >> (48 - (16 * (group % (Groups / 2))))));
        }

        // A run that reaches the end leaves its second colon to nobody else.
        if (end == Groups)
        {
            *destination++ = (byte)':';
        }

        return destination;
    }

    /// <summary>Writes an address of either version. Returns the bytes of the text.</summary>
    /// <param name="destination">Room for <see cref="MaxLength"/> bytes.</param>
    /// <param name="address">4 or 16 bytes in network order.</param>
    public static int Write(Span<byte> destination, ReadOnlySpan<byte> address)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(destination.Length, MaxLength);
        fixed (byte* to = destination, from = address)
        {
            return (int)((address.Length == sizeof(uint) ? WriteV4(to, from) : WriteV6(to, from)) - to);
        }
    }

    // First group of the run and the group after it, or (-1, 0) if no two zero groups stand together.
    private static (int Start, int End) LongestZeroRun(byte* address)
    {
        // Bit g says that group g is zero. Anding the mask with itself moved down shortens every run by one; the longest is the last to
        // vanish.
        uint zeros = Vector128.Equals(Vector128.Load((ushort*)address), Vector128<ushort>.Zero).ExtractMostSignificantBits();
        uint starts = zeros & (zeros >> 1);
        if (starts == 0)
        {
            return (-1, 0);
        }

        int length = 2;
        for (uint longer = starts & (zeros >> length); longer != 0; longer &= zeros >> length)
        {
            starts = longer;
            length++;
        }

        int start = BitOperations.TrailingZeroCount(starts);
        return (start, start + length);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static byte* WriteOctet(byte* destination, byte octet)
    {
        Unsafe.CopyBlockUnaligned(ref *destination, ref Unsafe.Add(ref MemoryMarshal.GetReference(Octets), octet * 4), 4);
        return destination + 2 + (octet >= 10 ? 1 : 0) + (octet >= 100 ? 1 : 0);
    }

    // Up to four hexadecimal digits, one a byte, first digit in the first byte; leading zeros are the low bytes, and the last digit always
    // stays.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static byte* WriteGroup(byte* destination, ushort group)
    {
        uint digits = BinaryPrimitives.ReverseEndianness(Spread(group));
        uint letters = (digits + 0x06060606) >> 4 & 0x01010101;
        int zeroBits = BitOperations.TrailingZeroCount(digits | (1u << 24)) & ~7;
        uint text = digits + 0x30303030 + (letters * ('a' - '0' - 10));
        Unsafe.WriteUnaligned(destination, text >> zeroBits);
        return destination + 4 - (zeroBits >> 3);
    }

    // 0xABCD to 0x0A0B0C0D.
    private static uint Spread(uint group)
    {
        uint bytes = (group | (group << 8)) & 0x00FF00FF;
        return (bytes | (bytes << 4)) & 0x0F0F0F0F;
    }

    private static ulong ReadBigEndian(byte* address) => BinaryPrimitives.ReverseEndianness(Unsafe.ReadUnaligned<ulong>(address));
}
