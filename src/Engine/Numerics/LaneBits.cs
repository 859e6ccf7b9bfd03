namespace FlowMeter.Engine.Numerics;

/// <summary>The fields of a double's 64 bits, which every lane type takes apart in the same way.</summary>
internal static class LaneBits
{
    /// <summary>Bits below the exponent.</summary>
    public const int SignificandBits = 52;

    /// <summary>Mask of the significand's stored bits.</summary>
    public const long SignificandMask = (1L << SignificandBits) - 1;

    /// <summary>The bits of 1.0: the exponent's bias in its place.</summary>
    public const long One = 1023L << SignificandBits;

    /// <summary>
    /// The bits of 2^52. A double from 2^52 on holds a small whole number in its low bits, so or-ing an integer into these bits converts
    /// it.
    /// </summary>
    public const long Integer = (1023L + SignificandBits) << SignificandBits;

    /// <summary>2^52 + 1023: added to a whole number n it leaves the biased exponent of 2^n in the low bits.</summary>
    public const double Bias = 4503599627370496.0 + 1023.0;
}
