using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics.X86;

namespace FlowMeter.Engine.Export.Text;

/// <summary>
/// The shortest decimal that reads back as a given double, and among the shortest the nearest to it (ties to an even last digit), after
/// Raffaello Giulietti, "The Schubfach way to render doubles" (2020), with the single-product form of the usual case by Yaoyuan Guo.
/// </summary>
/// <remarks>
/// A double is c * 2^q, and k = floor(log10 2^q). In units of 10^k neighbouring doubles are 1 to 10 apart, so the interval of decimals that read back as
/// the double holds at least one integer and at most one multiple of ten: the answer is that multiple if there is one, else the nearest integer.
/// </remarks>
internal static class Schubfach
{
    /// <summary>Decimals are given as exactly 17 digits: the least of these.</summary>
    public const ulong SmallestDigits = 10_000_000_000_000_000;

    /// <summary>The bits of a double's fraction.</summary>
    public const ulong FractionMask = (1UL << 52) - 1;

    // Comparisons of truncated fixed-point numbers are off by at most two units; closer calls than this go to the exact way.
    private const ulong Doubt = 4;

    /// <summary>Finds the decimal of a positive finite double.</summary>
    /// <param name="bits">The double's bits, neither 0 nor negative nor infinite nor NaN.</param>
    /// <param name="exponent10">The decimal exponent of the first digit.</param>
    /// <returns>17 digits, the first not 0, padded with zeros at the end: the value is d.dddd * 10^<paramref name="exponent10"/>.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong Shortest(ulong bits, out int exponent10)
    {
        ulong fraction = bits & FractionMask;
        int biased = (int)(bits >> 52);
        if (fraction == 0 || biased == 0)
        {
            return ShortestExact(bits, out exponent10);
        }

        // v / 10^k as a 64.64 fixed-point number; wrong by less than a unit in the last place (the table rounds up, the product down).
        int q = biased - 1075;
        int k = FloorLog10OfPow2(q);
        int shift = q + FloorLog2OfPow10(-k) + 1;
        ulong power = PowersOfTen.Significand(-k, out ulong powerLow);
        ulong c = (fraction | (FractionMask + 1)) << shift;
        ulong carried = High(powerLow, c);
        ulong part = (power * c) + carried;
        ulong whole = High(power, c) + (part < carried ? 1UL : 0UL);

        // The distance above the multiple of ten below, and half the distance of neighbouring doubles, as 4.60 fixed-point numbers.
        ulong lastDigit = whole % 10;
        ulong above = (lastDigit << 60) | (part >> 4);
        ulong reach = power >> (5 - shift);
        const ulong ten = 10UL << 60;
        ulong top = above + reach;
        if (above - reach + Doubt <= 2 * Doubt || top - ten + Doubt <= 2 * Doubt || part - (1UL << 63) + Doubt <= 2 * Doubt)
        {
            return ShortestExact(bits, out exponent10);
        }

        ulong nearest = whole + (part >> 63);
        ulong multipleOfTen = whole - lastDigit + (top >= ten ? 10UL : 0UL);
        ulong digits = above < reach || top >= ten ? multipleOfTen : nearest;

        // Between 2^52 and 10 * 2^53: 16 or 17 digits.
        exponent10 = digits < SmallestDigits ? k + 15 : k + 16;
        return digits < SmallestDigits ? digits * 10 : digits;
    }

    /// <summary>The same as <see cref="Shortest"/>, slower, for every positive finite double: decides by the exact bounds of the interval.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public static ulong ShortestExact(ulong bits, out int exponent10)
    {
        ulong fraction = bits & FractionMask;
        int biased = (int)(bits >> 52);
        ulong c = biased == 0 ? fraction : fraction | (FractionMask + 1);
        int q = Math.Max(biased, 1) - 1075;

        // Below a power of two the neighbour is at half the distance.
        bool isNarrowBelow = fraction == 0 && biased > 1;
        int k = isNarrowBelow ? FloorLog10OfThreeQuartersPow2(q) : FloorLog10OfPow2(q);
        int shift = q + FloorLog2OfPow10(-k) + 1;
        ulong power = PowersOfTen.Significand(-k, out ulong powerLow);

        // Four times v and its interval's ends in units of 10^k, rounded to odd, which preserves every comparison with an integer. The ends themselves
        // read back as v only if c is even.
        ulong odd = c & 1;
        ulong lower = RoundToOdd(power, powerLow, ((4 * c) - (isNarrowBelow ? 1UL : 2UL)) << shift) + odd;
        ulong middle = RoundToOdd(power, powerLow, (4 * c) << shift);
        ulong upper = RoundToOdd(power, powerLow, ((4 * c) + 2) << shift) - odd;

        ulong digits = Choose(lower, middle, upper);
        exponent10 = k + 16;
        while (digits < SmallestDigits)
        {
            digits *= 10;
            exponent10--;
        }

        return digits;
    }

    private static ulong Choose(ulong lower, ulong middle, ulong upper)
    {
        ulong whole = middle / 4;
        ulong tens = whole / 10;
        bool isTensInside = lower <= 40 * tens;
        bool isNextTensInside = (40 * tens) + 40 <= upper;
        if (isTensInside != isNextTensInside)
        {
            return (tens + (isNextTensInside ? 1UL : 0UL)) * 10;
        }

        bool isWholeInside = lower <= 4 * whole;
        bool isNextInside = (4 * whole) + 4 <= upper;
        if (isWholeInside != isNextInside)
        {
            return whole + (isNextInside ? 1UL : 0UL);
        }

        ulong half = (4 * whole) + 2;
        bool roundsUp = middle > half || (middle == half && (whole & 1) != 0);
        return whole + (roundsUp ? 1UL : 0UL);
    }

    // floor(power * factor / 2^128) with the last bit set if anything was cut off. The table's rounding up reaches at most the lowest bit of the rest.
    private static ulong RoundToOdd(ulong power, ulong powerLow, ulong factor)
    {
        ulong carried = High(powerLow, factor);
        ulong part = (power * factor) + carried;
        ulong whole = High(power, factor) + (part < carried ? 1UL : 0UL);
        return whole | (part > 1 ? 1UL : 0UL);
    }

    // The high half alone stays in registers; Math.BigMul would pass the low half through memory on .NET 9.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ulong High(ulong a, ulong b) => Bmi2.X64.IsSupported ? Bmi2.X64.MultiplyNoFlags(a, b) : Math.BigMul(a, b, out _);

    // Logarithms as multiplications by rounded fixed-point constants, exact over a double's exponents.
    private static int FloorLog10OfPow2(int e) => (e * 1262611) >> 22;

    private static int FloorLog10OfThreeQuartersPow2(int e) => ((e * 1262611) - 524031) >> 22;

    private static int FloorLog2OfPow10(int e) => (e * 1741647) >> 19;
}
