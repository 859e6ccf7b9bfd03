using System.Runtime.CompilerServices;

namespace FlowMeter.Engine.Numerics;

/// <summary>
/// Exponential and logarithm over lanes. The runtime's own call the C library, whose last bit differs from machine to machine and which has
/// no vector form; these are the same bits at every width and on every machine. The polynomials are those of FreeBSD's e_exp.c and
/// s_log1p.c (fdlibm, Sun Microsystems 1993), without fused operations.
/// </summary>
internal static class LaneMath
{
    // ln 2 in two parts: the first ends in 32 zero bits, so its product with an exponent is exact.
    private const double Ln2High = 6.93147180369123816490e-01;
    private const double Ln2Low = 1.90821492927058770002e-10;

    // Adding 1.5 · 2^52 pushes the fraction out of the significand: round to nearest, ties to even, for |x| < 2^51.
    private const double Rounder = 6755399441055744.0;

    /// <summary>e^x within 1 ulp; 0 below -746, infinity above 710, NaN (always the same one) for NaN.</summary>
    // AggressiveInlining: the constants stay in registers and the loops overlap; Exp takes 1.4 times as long without.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TLanes Exp<TLanes>(TLanes x)
        where TLanes : struct, ILanes<TLanes>
    {
        TLanes one = TLanes.Broadcast(1);
        TLanes two = TLanes.Broadcast(2);
        TLanes rounder = TLanes.Broadcast(Rounder);
        TLanes lowest = TLanes.Broadcast(-746);
        TLanes highest = TLanes.Broadcast(710);
        TLanes bounded = TLanes.IfAtMost(lowest, x, x, lowest);
        bounded = TLanes.IfAtMost(bounded, highest, bounded, highest);

        // x = n·ln2 + r, |r| <= ln2 / 2.
        TLanes n = (bounded * TLanes.Broadcast(1.44269504088896338700)) + rounder - rounder;
        TLanes high = bounded - (n * TLanes.Broadcast(Ln2High));
        TLanes low = n * TLanes.Broadcast(Ln2Low);
        TLanes r = high - low;

        TLanes t = r * r;
        TLanes c = TLanes.Broadcast(4.13813679705723846039e-08);
        c = (c * t) + TLanes.Broadcast(-1.65339022054652515390e-06);
        c = (c * t) + TLanes.Broadcast(6.61375632143793436117e-05);
        c = (c * t) + TLanes.Broadcast(-2.77777777770155933842e-03);
        c = (c * t) + TLanes.Broadcast(1.66666666666666019037e-01);
        c = r - (c * t);
        TLanes power = one - (low - (r * c / (two - c)) - high);

        // 2^n in two factors, because n goes beyond what one double's exponent holds; only the second product can round.
        TLanes half = (n * TLanes.Broadcast(0.5)) + rounder - rounder;
        power = power * TLanes.PowerOfTwo(half) * TLanes.PowerOfTwo(n - half);
        return TLanes.IfAtMost(x, x, power, TLanes.Broadcast(double.NaN));
    }

    /// <summary>
    /// The signed logarithm: log(1 + x) for x from 0 on, -log(1 - x) below, so 0 goes to 0 and negative values (only the `deepfence`
    /// profile has any) mirror the positive ones. Within 1 ulp; infinities and NaN come back as they are.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TLanes SignedLog1P<TLanes>(TLanes x)
        where TLanes : struct, ILanes<TLanes>
    {
        TLanes zero = TLanes.Broadcast(0);
        TLanes one = TLanes.Broadcast(1);
        TLanes root = TLanes.Broadcast(1.41421356237309504880);
        TLanes size = TLanes.IfAtMost(zero, x, x, zero - x);

        // 1 + size = u · (1 + lost / u), where lost is what the sum rounded away; u = 2^k · (1 + f).
        TLanes u = one + size;
        TLanes lost = TLanes.IfAtMost(one, size, one - (u - size), size - (u - one)) / u;
        TLanes k = TLanes.Exponent(u);
        TLanes significand = TLanes.Significand(u);
        k = TLanes.IfAtMost(significand, root, k, k + one);
        significand = TLanes.IfAtMost(significand, root, significand, significand * TLanes.Broadcast(0.5));
        TLanes f = significand - one;

        // Up to √2 - 1 the argument itself is f, and nothing was lost.
        TLanes small = TLanes.Broadcast(0.41421356237309504880);
        f = TLanes.IfAtMost(size, small, size, f);
        k = TLanes.IfAtMost(size, small, zero, k);
        lost = TLanes.IfAtMost(size, small, zero, lost);

        TLanes halfSquare = TLanes.Broadcast(0.5) * f * f;
        TLanes s = f / (TLanes.Broadcast(2) + f);
        TLanes z = s * s;
        TLanes w = z * z;
        TLanes even = TLanes.Broadcast(1.531383769920937332e-01);
        even = (even * w) + TLanes.Broadcast(2.222219843214978396e-01);
        even = (even * w) + TLanes.Broadcast(3.999999999940941908e-01);
        TLanes odd = TLanes.Broadcast(1.479819860511658591e-01);
        odd = (odd * w) + TLanes.Broadcast(1.818357216161805012e-01);
        odd = (odd * w) + TLanes.Broadcast(2.857142874366239149e-01);
        odd = (odd * w) + TLanes.Broadcast(6.666666666666735130e-01);
        TLanes series = (z * odd) + (w * even);

        TLanes result = (s * (halfSquare + series)) + ((k * TLanes.Broadcast(Ln2Low)) + lost) - halfSquare + f
            + (k * TLanes.Broadcast(Ln2High));
        result = TLanes.IfAtMost(zero, x, result, zero - result);
        return TLanes.IfAtMost(size, TLanes.Broadcast(double.MaxValue), result, x);
    }
}
