using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace FlowMeter.Engine.Export.Text;

/// <summary>
/// Writes a double as the shortest decimal that reads back as the same double, the nearest one where several are as short. Plain from 10^-5 up to 10^16
/// ("68", "-0", "0.00016061676839062", "160598.5"), otherwise scientific with an exponent of at least two digits
/// ("1.240495768366107e-07", "1e+16"). Whole numbers have no dot.
/// </summary>
public static unsafe class ShortestDouble
{
    /// <summary>Bytes a caller must have free: the longest text is 24. Bytes past the returned pointer may be overwritten up to this.</summary>
    public const int MaxLength = 32;

    private const int SmallestPlainExponent = -5;
    private const int GreatestPlainExponent = 15;
    private const double FirstInexactInteger = 1L << 53;
    private const ulong InfinityBits = 0x7FF0_0000_0000_0000;

    /// <summary>Writes <paramref name="value"/>; not a number is "NaN", the infinities "Infinity" and "-Infinity".</summary>
    /// <param name="destination">Room for <see cref="MaxLength"/> bytes.</param>
    /// <param name="value">Any double.</param>
    /// <returns>The byte after the text.</returns>
    public static byte* Write(byte* destination, double value)
    {
        ulong bits = BitConverter.DoubleToUInt64Bits(value);
        ulong magnitudeBits = bits & (ulong.MaxValue >> 1);
        if (magnitudeBits >= InfinityBits)
        {
            return WriteNotFinite(destination, value);
        }

        *destination = (byte)'-';
        destination += bits >> 63;

        double magnitude = BitConverter.UInt64BitsToDouble(magnitudeBits);
        long whole = double.ConvertToIntegerNative<long>(magnitude);
        if (whole == magnitude && magnitude < FirstInexactInteger)
        {
            return IntegerText.Write(destination, (ulong)whole);
        }

        ulong digits = Schubfach.Shortest(magnitudeBits, out int exponent10);
        return WriteDigits(destination, digits, exponent10);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static byte* WriteDigits(byte* destination, ulong digits, int exponent10)
    {
        ulong high = digits / 100_000_000;
        ulong low = digits - (high * 100_000_000);
        ulong first = high / 100_000_000;
        Vector128<byte> rest = Digits.Sixteen(high - (first * 100_000_000), low);

        // 17 digits less the trailing zeros; the first digit is not 0.
        uint zeros = Vector128.Equals(rest, Vector128<byte>.Zero).ExtractMostSignificantBits();
        int count = 33 - BitOperations.LeadingZeroCount(zeros ^ 0xFFFF);

        first += '0';
        rest |= Vector128.Create((byte)'0');
        if ((uint)(exponent10 - SmallestPlainExponent) > GreatestPlainExponent - SmallestPlainExponent)
        {
            return WriteScientific(destination, (byte)first, rest, count, exponent10);
        }

        if (exponent10 < 0)
        {
            Unsafe.WriteUnaligned(destination, 0x30303030_30302E30UL); // "0.000000"
            destination += 1 - exponent10;
            *destination = (byte)first;
            rest.Store(destination + 1);
            return destination + count;
        }

        // All digits one place too far right, then those before the dot and the dot over them.
        rest.Store(destination + 2);
        *destination = (byte)first;
        Vector128<byte> isBeforeDot = Vector128.LessThan(Vector128<byte>.Indices, Vector128.Create((byte)exponent10));
        Vector128<byte> oneOn = Vector128.Shuffle(rest, Vector128<byte>.Indices - Vector128<byte>.One);
        Vector128.ConditionalSelect(isBeforeDot, rest, oneOn).Store(destination + 1);
        destination[1 + exponent10] = (byte)'.';
        int decimals = count - exponent10 - 1;
        return destination + 1 + exponent10 + (decimals > 0 ? decimals + 1 : 0);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static byte* WriteScientific(byte* destination, byte first, Vector128<byte> rest, int count, int exponent10)
    {
        destination[0] = first;
        destination[1] = (byte)'.';
        rest.Store(destination + 2);
        destination += count > 1 ? count + 1 : 1;
        destination[0] = (byte)'e';
        destination[1] = (byte)(exponent10 < 0 ? '-' : '+');
        destination += 2;

        uint exponent = (uint)Math.Abs(exponent10);
        if (exponent < 10)
        {
            *destination++ = (byte)'0';
        }

        return IntegerText.Write(destination, exponent);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static byte* WriteNotFinite(byte* destination, double value)
    {
        ReadOnlySpan<byte> text = double.IsNaN(value) ? "NaN"u8 : value > 0 ? "Infinity"u8 : "-Infinity"u8;
        text.CopyTo(new Span<byte>(destination, MaxLength));
        return destination + text.Length;
    }
}
