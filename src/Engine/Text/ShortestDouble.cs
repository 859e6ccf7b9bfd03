using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace FlowMeter.Engine.Text;

/// <summary>
/// Writes a double as the shortest decimal that reads back as the same double, the nearest one where several are as short. Plain from 10^-5
/// up to 10^16 ("68", "-0", "0.00016061676839062", "160598.5"), otherwise scientific with an exponent of at least two digits
/// ("1.240495768366107e-07", "1e+16"). Whole numbers have no dot.
/// </summary>
public static unsafe class ShortestDouble
{
    /// <summary>
    /// Bytes a caller must have free: the longest text is 24. Bytes past the returned pointer may be overwritten up to this.
    /// </summary>
    public const int MaxLength = 32;

    private const int SmallestPlainExponent = -5;
    private const int GreatestPlainExponent = 15;
    private const double FirstInexactInteger = 1L << 53;
    private const ulong InfinityBits = 0x7FF0_0000_0000_0000;

    /// <summary>Writes <paramref name="value"/> into a span of at least <see cref="MaxLength"/> bytes. Returns the bytes of text.</summary>
    public static int Format(Span<byte> destination, double value)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(destination.Length, MaxLength);
        fixed (byte* first = destination)
        {
            return (int)(Write(first, value) - first);
        }
    }

    /// <summary>Writes <paramref name="value"/>; not a number is "NaN", the infinities "Infinity" and "-Infinity".</summary>
    /// <param name="destination">Room for <see cref="MaxLength"/> bytes.</param>
    /// <param name="value">Any double.</param>
    /// <returns>The byte after the text.</returns>
    public static byte* Write(byte* destination, double value)
    {
        ulong bits = BitConverter.DoubleToUInt64Bits(value);
        ulong magnitudeBits = bits & (ulong.MaxValue >> 1);
        *destination = (byte)'-';
        destination += bits >> 63;

        // Neither holds for NaN, the second not for infinity.
        double magnitude = BitConverter.UInt64BitsToDouble(magnitudeBits);
        if (Math.Truncate(magnitude) == magnitude && magnitude < FirstInexactInteger)
        {
            return IntegerText.Write(destination, (ulong)double.ConvertToIntegerNative<long>(magnitude));
        }

        // Subnormals, infinity and NaN; powers of two; close calls.
        if (magnitudeBits - Schubfach.HiddenBit >= InfinityBits - Schubfach.HiddenBit
            || (bits & Schubfach.FractionMask) == 0
            || !Schubfach.TryShortest(magnitudeBits, out ulong tens, out ulong last, out int unit))
        {
            return WriteRare(destination, bits);
        }

        return WriteDecimal(destination, tens, last, unit);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static byte* WriteRare(byte* destination, ulong bits)
    {
        ulong magnitudeBits = bits & (ulong.MaxValue >> 1);
        if (magnitudeBits < InfinityBits)
        {
            Schubfach.ShortestExact(magnitudeBits, out ulong tens, out ulong last, out int unit);
            return WriteDecimal(destination, tens, last, unit);
        }

        // Not a number has no sign in text, though it may have one in bits.
        bool isInfinity = magnitudeBits == InfinityBits;
        destination -= isInfinity ? 0 : bits >> 63;
        ReadOnlySpan<byte> text = isInfinity ? "Infinity"u8 : "NaN"u8;
        text.CopyTo(new Span<byte>(destination, text.Length));
        return destination + text.Length;
    }

    // Lays out (tens + last / 10) * 10^unit. The tens come as sixteen digits at once, the first of which is 0 if there are only fifteen
    // (skip is 1).
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static byte* WriteDecimal(byte* destination, ulong tens, ulong last, int unit)
    {
        ulong high = tens / 100_000_000;
        Vector128<byte> digits = Digits.Sixteen(high, tens - (high * 100_000_000));
        nint skip = tens < Schubfach.SixteenDigits ? 1 : 0;
        nint exponent10 = unit + 15 - skip;

        // Digits without the trailing zeros: up to the last bit of those that say which digits are not 0.
        uint zeros = Vector128.Equals(digits, Vector128<byte>.Zero).ExtractMostSignificantBits();
        uint others = (zeros ^ 0xFFFF) | ((0xFFFF + (uint)last) & 0x10000);
        nint count = 32 - BitOperations.LeadingZeroCount(others) - skip;

        digits |= Vector128.Create((byte)'0');
        byte lastText = (byte)(last + '0');
        if ((nuint)(exponent10 - SmallestPlainExponent) > GreatestPlainExponent - SmallestPlainExponent)
        {
            return WriteScientific(destination, digits, lastText, (int)skip, (int)count, (int)exponent10);
        }

        if (exponent10 < 0)
        {
            Unsafe.WriteUnaligned(destination, Digits.AsciiZeros);
            byte* first = destination + 1 - exponent10;
            digits.Store(first - skip);
            first[16 - skip] = lastText;
            destination[1] = (byte)'.';
            return first + count;
        }

        // All digits one place too far right, where those behind the dot belong; then the first sixteen bytes of the text over them; then
        // the dot.
        digits.Store(destination + 1 - skip);
        Vector128<byte> isBehindDot = Vector128.GreaterThan(Vector128<byte>.Indices.AsSByte(), Vector128.Create((sbyte)exponent10))
            .AsByte();
        Vector128<byte> sources = Vector128<byte>.Indices + Vector128.Create((byte)skip) + isBehindDot;
        Vector128<byte> text = Ssse3.IsSupported ? Ssse3.Shuffle(digits, sources) : Vector128.Shuffle(digits, sources);
        text.Store(destination);
        destination[1 + exponent10] = (byte)'.';
        destination[16 - skip + (exponent10 < 16 - skip ? 1 : 0)] = lastText;
        nint decimals = count - exponent10 - 1;
        return destination + 1 + exponent10 + (decimals > 0 ? decimals + 1 : 0);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static byte* WriteScientific(byte* destination, Vector128<byte> digits, byte last, int skip, int count, int exponent10)
    {
        digits.Store(destination + 1 - skip);
        destination[17 - skip] = last;
        destination[0] = destination[1];
        destination[1] = (byte)'.';
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
}
