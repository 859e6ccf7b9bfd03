using System.Numerics;

namespace FlowMeter.Tests.Oracle;

/// <summary>The double nearest to an exact value. Magnitudes here are far from where doubles run out of range.</summary>
internal static class CorrectRounding
{
    // More than the 53 a double keeps, and with the sticky bit still within a ulong.
    private const int Bits = 62;

    public static double Quotient(BigInteger numerator, BigInteger denominator)
    {
        if (numerator.IsZero)
        {
            return 0;
        }
        if (numerator.Sign < 0)
        {
            return -Quotient(-numerator, denominator);
        }
        int shift = Bits - (int)(numerator.GetBitLength() - denominator.GetBitLength());
        BigInteger quotient = BigInteger.DivRem(Scale(numerator, shift), Scale(denominator, -shift), out BigInteger remainder);
        return Round(quotient, exact: remainder.IsZero, shift);
    }

    public static double SquareRoot(BigInteger numerator, BigInteger denominator)
    {
        if (numerator.IsZero)
        {
            return 0;
        }
        int shift = Bits - (int)((numerator.GetBitLength() - denominator.GetBitLength()) / 2);
        BigInteger square = BigInteger.DivRem(Scale(numerator, 2 * shift), Scale(denominator, -2 * shift), out BigInteger remainder);
        BigInteger root = FloorOfSquareRoot(square);
        return Round(root, exact: remainder.IsZero && root * root == square, shift);
    }

    /// <summary>Newton's iteration from above: it falls until it is at the floor, and would then rise.</summary>
    public static BigInteger FloorOfSquareRoot(BigInteger square)
    {
        if (square.IsZero)
        {
            return 0;
        }
        BigInteger root = BigInteger.One << (int)((square.GetBitLength() + 1) / 2);
        while (true)
        {
            BigInteger next = (root + (square / root)) >> 1;
            if (next >= root)
            {
                return root;
            }
            root = next;
        }
    }

    private static BigInteger Scale(BigInteger value, int shift) => shift > 0 ? value << shift : value;

    /// <summary>The lowest bit stands for all that was cut off below it, so that a tie is one only where it is exact.</summary>
    private static double Round(BigInteger digits, bool exact, int shift)
    {
        ulong sticky = exact ? 0UL : 1UL;
        return Math.ScaleB((double)((ulong)digits | sticky), -shift);
    }
}
