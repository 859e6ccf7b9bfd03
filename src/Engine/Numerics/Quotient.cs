using System.Runtime.CompilerServices;

namespace FlowMeter.Engine.Numerics;

/// <summary>
/// Quotients of whole numbers, rounded once (SPEC §3): a time above 2^53 ns, 104 days, is not rounded to a double before it is divided.
/// </summary>
internal static class Quotient
{
    /// <summary>Up to here a double holds every whole number.</summary>
    public const ulong Exact = 1UL << 53;

    /// <summary>
    /// The double next to <paramref name="numerator"/> / <paramref name="denominator"/>, to even where two are. The denominator is from 1
    /// to 2^53.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static double Divide(ulong numerator, ulong denominator) =>
        numerator <= Exact ? (double)numerator / denominator : DivideLarge(numerator, denominator);

    /// <summary>The same with a sign.</summary>
    public static double Divide(long numerator, ulong denominator) =>
        numerator < 0 ? -Divide((ulong)-numerator, denominator) : Divide((ulong)numerator, denominator);

    private static double DivideLarge(ulong numerator, ulong denominator)
    {
        // 64 binary places are more than the 53 digits that are kept; what is below them only says on which side of the middle the value
        // is.
        (UInt128 quotient, UInt128 rest) = UInt128.DivRem(new UInt128(numerator, 0), denominator);
        int excess = Math.Max(64 - (int)UInt128.LeadingZeroCount(quotient), 0);
        bool isMore = rest != 0 || (quotient & ((UInt128.One << excess) - 1)) != 0;
        return Math.ScaleB((double)((ulong)(quotient >> excess) | (isMore ? 1UL : 0)), excess - 64);
    }
}
