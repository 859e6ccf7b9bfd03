namespace FlowMeter.Engine.Numerics;

/// <summary>
/// Some doubles side by side, one flow a lane: all that a scoring kernel may do with them. A kernel is written once over this interface, so
/// the lane type is the only thing that names a width. Every operation works on each lane alone and rounds as IEEE 754 says for one double,
/// which is why every width gives the same bits; there is no fused multiply-add on purpose.
/// </summary>
/// <typeparam name="TSelf">The lane type.</typeparam>
internal unsafe interface ILanes<TSelf>
    where TSelf : struct, ILanes<TSelf>
{
    /// <summary>Number of lanes.</summary>
    static abstract int Count { get; }

    /// <summary>Reads <see cref="Count"/> doubles; no alignment is needed.</summary>
    static abstract TSelf Load(double* source);

    /// <summary>The same value in every lane.</summary>
    static abstract TSelf Broadcast(double value);

    /// <summary>Writes <see cref="Count"/> doubles; no alignment is needed.</summary>
    void Store(double* target);

    static abstract TSelf operator +(TSelf left, TSelf right);

    static abstract TSelf operator -(TSelf left, TSelf right);

    static abstract TSelf operator *(TSelf left, TSelf right);

    static abstract TSelf operator /(TSelf left, TSelf right);

    /// <summary>
    /// <paramref name="then"/> where <paramref name="left"/> &lt;= <paramref name="right"/>, else <paramref name="otherwise"/>; NaN
    /// compares false.
    /// </summary>
    static abstract TSelf IfAtMost(TSelf left, TSelf right, TSelf then, TSelf otherwise);

    /// <summary>
    /// 2 to the power of <paramref name="n"/>, a whole number from -1022 to 1023; anything else gives an unspecified value.
    /// </summary>
    static abstract TSelf PowerOfTwo(TSelf n);

    /// <summary>The binary exponent of a positive normal <paramref name="x"/>, a whole number: x = significand · 2^exponent.</summary>
    static abstract TSelf Exponent(TSelf x);

    /// <summary>The significand of a positive normal <paramref name="x"/>, from 1 up to but not including 2.</summary>
    static abstract TSelf Significand(TSelf x);

    /// <summary>The correctly rounded square root of <paramref name="x"/>.</summary>
    static abstract TSelf SquareRoot(TSelf x);
}
