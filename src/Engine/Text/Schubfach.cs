using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics.X86;

namespace FlowMeter.Engine.Text;

/// <summary>
/// The shortest decimal that reads back as a given double, and among the shortest the nearest to it (ties to an even last digit), after
/// Raffaello Giulietti, "The Schubfach way to render doubles" (2020); the usual case takes a single product, an idea of Yaoyuan Guo's.
/// </summary>
/// <remarks>
/// A double is c * 2^q, and k = floor(log10 2^q). In units of 10^k neighbouring doubles are 1 to 10 apart, so the interval of decimals that
/// read back as the double holds at least one integer and at most one multiple of ten: the answer is that multiple if there is one, else
/// the nearest integer. It is given as a number of tens of these units and one last digit: (tens + last / 10) * 10^unit with unit = k + 1.
/// </remarks>
internal static class Schubfach
{
    /// <summary>The tens have 15 or 16 digits: 16 from here on.</summary>
    public const ulong SixteenDigits = 1_000_000_000_000_000;

    /// <summary>The bits of a double's fraction.</summary>
    public const ulong FractionMask = (1UL << 52) - 1;

    /// <summary>The bits of the smallest normal double, and the bit of a significand that a normal double does not store.</summary>
    public const ulong HiddenBit = 1UL << 52;

    // The truncated fixed-point numbers compared below are off by at most two units, ten times them by twenty: closer calls go to the exact
    // way.
    private const ulong Doubt = 32;

    /// <summary>
    /// Finds the decimal of a positive normal double that is no power of two, unless the call is too close to be decided by one product.
    /// </summary>
    /// <param name="bits">The double's bits; the fraction is not 0, and the exponent is neither the least nor the greatest.</param>
    /// <param name="tens">The decimal without its last digit, at least 10^14 and below 10^16.</param>
    /// <param name="last">The last digit, 0 to 9.</param>
    /// <param name="unit">The decimal exponent of <paramref name="tens"/>.</param>
    /// <returns>
    /// False if <see cref="ShortestExact"/> has to decide: for doubles exactly between two decimals, and about once in 2^53 others.
    /// </returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool TryShortest(ulong bits, out ulong tens, out ulong last, out int unit)
    {
        int q = (int)(bits >> 52) - 1075;
        int k = FloorLog10OfPow2(q);
        unit = k + 1;

        // v / 10^unit = c * power * 2^(up - 127) as a 64.64 fixed-point number, wrong by less than one in the last place (the table rounds
        // up, the product down). up is -4 to -1; the product is taken 2^4 times too great to stay clear of right shifts.
        int power10 = ~k;
        int up = q + FloorLog2OfPow10(power10);
        ulong power = PowersOfTen.Significand(power10, out ulong powerLow);
        ulong c = ((bits & FractionMask) | HiddenBit) << (up + 5);
        ulong carried = High(powerLow, c);
        ulong productLow = (power * c) + carried;
        ulong product = High(power, c) + Bit(productLow < carried);
        ulong part = (product << 60) | (productLow >> 4);

        // Decimals within half the distance of neighbouring doubles read back as this one. Whether one of the two integers around the value
        // does is up to chance, so it is decided by masks, not branches. If none does, the part is far enough from 0 and 1 to round to a
        // digit of 1 to 9.
        ulong reach = power >> -up;
        ulong top = part + reach;
        ulong isUp = Bit(top < part);
        ulong isInteger = Bit(part < reach) | isUp;
        ulong tenths = ((part >> 4) * 10) + (1UL << 59);
        tens = (product >> 4) + isUp;
        last = (tenths >> 60) & (isInteger - 1);
        return part - reach + Doubt > 2 * Doubt && top + Doubt > 2 * Doubt && (tenths << 4) + (Doubt << 4) > 2 * (Doubt << 4);
    }

    /// <summary>Finds the decimal of any positive finite double, slower, by the exact bounds of its interval.</summary>
    /// <inheritdoc cref="TryShortest"/>
    public static void ShortestExact(ulong bits, out ulong tens, out ulong last, out int unit)
    {
        ulong fraction = bits & FractionMask;
        int biased = (int)(bits >> 52);
        ulong c = biased == 0 ? fraction : fraction | HiddenBit;
        int q = Math.Max(biased, 1) - 1075;

        // Below a power of two the neighbour is at half the distance.
        bool isNarrowBelow = fraction == 0 && biased > 1;
        int k = isNarrowBelow ? FloorLog10OfThreeQuartersPow2(q) : FloorLog10OfPow2(q);
        int shift = q + FloorLog2OfPow10(-k) + 1;
        ulong power = PowersOfTen.Significand(-k, out ulong powerLow);

        // Four times v and its interval's ends in units of 10^k, rounded to odd, which preserves every comparison with an even integer. The
        // ends themselves read back as v only if c is even.
        ulong odd = c & 1;
        ulong lower = RoundToOdd(power, powerLow, ((4 * c) - (isNarrowBelow ? 1UL : 2UL)) << shift) + odd;
        ulong middle = RoundToOdd(power, powerLow, (4 * c) << shift);
        ulong upper = RoundToOdd(power, powerLow, ((4 * c) + 2) << shift) - odd;

        // Subnormals have fewer digits to begin with.
        ulong digits = Choose(lower, middle, upper);
        unit = k + 1;
        for (; digits < 10 * SixteenDigits; digits *= 10)
        {
            unit--;
        }

        (tens, last) = Math.DivRem(digits, 10);
    }

    private static ulong Choose(ulong lower, ulong middle, ulong upper)
    {
        ulong whole = middle / 4;
        ulong tens = whole / 10;
        bool isTensInside = lower <= 40 * tens;
        bool isNextTensInside = (40 * tens) + 40 <= upper;
        if (isTensInside != isNextTensInside)
        {
            return (tens + Bit(isNextTensInside)) * 10;
        }

        bool isWholeInside = lower <= 4 * whole;
        bool isNextInside = (4 * whole) + 4 <= upper;
        if (isWholeInside != isNextInside)
        {
            return whole + Bit(isNextInside);
        }

        ulong half = (4 * whole) + 2;
        return whole + Bit(middle > half || (middle == half && (whole & 1) != 0));
    }

    // floor(power * factor / 2^128) with the last bit set if anything was cut off. The table's rounding up reaches at most the lowest bit
    // of the rest.
    private static ulong RoundToOdd(ulong power, ulong powerLow, ulong factor)
    {
        ulong carried = High(powerLow, factor);
        ulong productLow = (power * factor) + carried;
        ulong product = High(power, factor) + Bit(productLow < carried);
        return product | Bit(productLow > 1);
    }

    // The high half alone stays in registers; Math.BigMul would pass the low half through memory on .NET 9.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ulong High(ulong a, ulong b) => Bmi2.X64.IsSupported ? Bmi2.X64.MultiplyNoFlags(a, b) : Math.BigMul(a, b, out _);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ulong Bit(bool isSet) => isSet ? 1UL : 0UL;

    // Logarithms as multiplications by rounded fixed-point constants, exact over a double's exponents.
    private static int FloorLog10OfPow2(int e) => (e * 1262611) >> 22;

    private static int FloorLog10OfThreeQuartersPow2(int e) => ((e * 1262611) - 524031) >> 22;

    private static int FloorLog2OfPow10(int e) => (e * 1741647) >> 19;
}
