using System.Runtime.CompilerServices;

namespace FlowMeter.Engine.Numerics;

/// <summary>
/// Two lane types side by side as one of twice the width. Sums over rows, unlike sums over features, depend on how many lanes they run in:
/// with eight lanes at every vector width, made of pairs where the machine has fewer, a trained model has the same bits on every machine.
/// </summary>
/// <typeparam name="T">The lanes of each half.</typeparam>
internal readonly unsafe struct LanePair<T>(T low, T high) : ILanes<LanePair<T>>
    where T : struct, ILanes<T>
{
    private readonly T _low = low;
    private readonly T _high = high;

    public static int Count => 2 * T.Count;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static LanePair<T> Load(double* source) => new(T.Load(source), T.Load(source + T.Count));

    public static LanePair<T> Broadcast(double value) => new(T.Broadcast(value), T.Broadcast(value));

    public void Store(double* target)
    {
        _low.Store(target);
        _high.Store(target + T.Count);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static LanePair<T> operator +(LanePair<T> left, LanePair<T> right) => new(left._low + right._low, left._high + right._high);

    public static LanePair<T> operator -(LanePair<T> left, LanePair<T> right) => new(left._low - right._low, left._high - right._high);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static LanePair<T> operator *(LanePair<T> left, LanePair<T> right) => new(left._low * right._low, left._high * right._high);

    public static LanePair<T> operator /(LanePair<T> left, LanePair<T> right) => new(left._low / right._low, left._high / right._high);

    public static LanePair<T> IfAtMost(LanePair<T> left, LanePair<T> right, LanePair<T> then, LanePair<T> otherwise) =>
        new(T.IfAtMost(left._low, right._low, then._low, otherwise._low), T.IfAtMost(left._high, right._high, then._high, otherwise._high));

    public static LanePair<T> PowerOfTwo(LanePair<T> n) => new(T.PowerOfTwo(n._low), T.PowerOfTwo(n._high));

    public static LanePair<T> Exponent(LanePair<T> x) => new(T.Exponent(x._low), T.Exponent(x._high));

    public static LanePair<T> Significand(LanePair<T> x) => new(T.Significand(x._low), T.Significand(x._high));

    public static LanePair<T> SquareRoot(LanePair<T> x) => new(T.SquareRoot(x._low), T.SquareRoot(x._high));
}
