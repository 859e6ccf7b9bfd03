namespace FlowMeter.Engine.Features;

/// <summary>Deviations without cancellation: n·Σx² − (Σx)² of integers is exact in wide integers, and rounded once (SPEC §3).</summary>
internal static class ExactVariance
{
    private const double Word = 18446744073709551616.0;

    /// <summary>n²·σ², rounded to a double.</summary>
    /// <param name="count">n.</param>
    /// <param name="sum">Σx.</param>
    /// <param name="squares">Σx².</param>
    public static double Numerator(ulong count, ulong sum, UInt128 squares)
    {
        ulong low = (ulong)squares;
        ulong high = (ulong)(squares >> 64);

        // n·Σx² as three words, then less (Σx)². The difference is never negative (Cauchy-Schwarz), so the borrow out of the last word is
        // 0.
        ulong middle = Math.BigMul(count, low, out ulong first);
        ulong third = Math.BigMul(count, high, out ulong product);
        middle += product;
        third += middle < product ? 1u : 0u;

        ulong squareHigh = Math.BigMul(sum, sum, out ulong squareLow);
        ulong borrow = first < squareLow ? 1u : 0u;
        first -= squareLow;
        third -= middle < squareHigh || (middle == squareHigh && borrow != 0) ? 1u : 0u;
        middle -= squareHigh + borrow;

        return (third | middle) == 0 ? first : (((third * Word) + middle) * Word) + first;
    }
}
