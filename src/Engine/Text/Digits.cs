using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace FlowMeter.Engine.Text;

/// <summary>
/// Splits integers into decimal digits, one byte a digit (0..9, not yet ASCII), first digit in the first byte. Every step halves the lanes:
/// 8 digits to twice 4, to four times 2, to eight digits; the quotients are multiplications by a rounded-up reciprocal that is exact over
/// the lane's range.
/// </summary>
internal static class Digits
{
    /// <summary>Adds '0' to each of eight digits.</summary>
    public const ulong AsciiZeros = 0x3030303030303030;

    private const uint TenThousandth = 109951163; // ceil(2^40 / 10^4), exact below 10^8
    private const uint Hundredth = 10486; // ceil(2^20 / 100), exact below 10^4

    /// <summary>The eight digits, leading zeros included, of a value below 10^8.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong Eight(ulong value)
    {
        // With quotient q and divisor d the pair (q, value - q*d) is value<<lane - q*(d<<lane - 1): one multiplication makes both halves.
        ulong fours = (value << 32) - ((value * TenThousandth >> 40) * ((10000UL << 32) - 1));
        ulong twos = (fours << 16) - (((fours * Hundredth >> 20) & 0x0000007F_0000007F) * ((100UL << 16) - 1));
        return (twos << 8) - (((twos * 103 >> 10) & 0x000F_000F_000F_000F) * ((10UL << 8) - 1));
    }

    /// <summary>The sixteen digits of <paramref name="high"/> followed by <paramref name="low"/>, each below 10^8.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<byte> Sixteen(ulong high, ulong low)
    {
        if (!Sse2.IsSupported)
        {
            return Vector128.Create(Eight(high), Eight(low)).AsByte();
        }

        Vector128<ulong> eights = Vector128.Create(high, low);
        Vector128<ulong> quotients = Sse2.Multiply(eights.AsUInt32(), Vector128.Create(TenThousandth)) >>> 40;
        Vector128<ulong> remainders = eights - Sse2.Multiply(quotients.AsUInt32(), Vector128.Create(10000u));
        Vector128<ushort> fours = (quotients | (remainders << 32)).AsUInt16();
        Vector128<ushort> hundreds = Sse2.MultiplyHigh(fours, Vector128.Create((ushort)Hundredth)) >>> 4;
        Vector128<ushort> units = fours - Sse2.MultiplyLow(hundreds, Vector128.Create((ushort)100));
        Vector128<ushort> twos = hundreds | (units.AsUInt32() << 16).AsUInt16();
        Vector128<ushort> tens = Sse2.MultiplyHigh(twos, Vector128.Create((ushort)6554)); // ceil(2^16 / 10), exact below 100
        return ((twos << 8) - Sse2.MultiplyLow(tens, Vector128.Create((ushort)((10 << 8) - 1)))).AsByte();
    }
}
