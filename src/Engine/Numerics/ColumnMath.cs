using System.Runtime.Intrinsics;

namespace FlowMeter.Engine.Numerics;

/// <summary>
/// The vector math of features: each routine runs down whole columns, lane by flow, and is written once for every width. Division and
/// square root are correctly rounded in IEEE 754, so every width gives the same bits.
/// </summary>
internal static unsafe class ColumnMath
{
    /// <summary>column = column / divisor.</summary>
    public static void Divide(double* column, double divisor, int count)
    {
        if (Vector512.IsHardwareAccelerated)
        {
            Divide<Lanes8>(column, divisor, count);
        }
        else if (Vector256.IsHardwareAccelerated)
        {
            Divide<Lanes4>(column, divisor, count);
        }
        else
        {
            Divide<Lanes2>(column, divisor, count);
        }
    }

    /// <summary>target = numerator / (unit · denominator), and 0 where the denominator is 0.</summary>
    public static void Ratio(double* target, double* numerator, double* denominator, double unit, int count)
    {
        if (Vector512.IsHardwareAccelerated)
        {
            Ratio<Lanes8>(target, numerator, denominator, unit, count);
        }
        else if (Vector256.IsHardwareAccelerated)
        {
            Ratio<Lanes4>(target, numerator, denominator, unit, count);
        }
        else
        {
            Ratio<Lanes2>(target, numerator, denominator, unit, count);
        }
    }

    /// <summary>target = √numerator / (unit · denominator), and 0 where the denominator is 0.</summary>
    public static void RootRatio(double* target, double* numerator, double* denominator, double unit, int count)
    {
        if (Vector512.IsHardwareAccelerated)
        {
            RootRatio<Lanes8>(target, numerator, denominator, unit, count);
        }
        else if (Vector256.IsHardwareAccelerated)
        {
            RootRatio<Lanes4>(target, numerator, denominator, unit, count);
        }
        else
        {
            RootRatio<Lanes2>(target, numerator, denominator, unit, count);
        }
    }

    internal static void Divide<TLanes>(double* column, double divisor, int count)
        where TLanes : struct, ILanes<TLanes>
    {
        TLanes divisors = TLanes.Broadcast(divisor);
        for (int i = 0; i < count; i += TLanes.Count)
        {
            (TLanes.Load(column + i) / divisors).Store(column + i);
        }
    }

    internal static void Ratio<TLanes>(double* target, double* numerator, double* denominator, double unit, int count)
        where TLanes : struct, ILanes<TLanes>
    {
        TLanes zero = TLanes.Broadcast(0);
        TLanes units = TLanes.Broadcast(unit);
        for (int i = 0; i < count; i += TLanes.Count)
        {
            TLanes divisor = TLanes.Load(denominator + i);
            TLanes quotient = TLanes.Load(numerator + i) / (units * divisor);
            TLanes.IfAtMost(divisor, zero, zero, quotient).Store(target + i);
        }
    }

    internal static void RootRatio<TLanes>(double* target, double* numerator, double* denominator, double unit, int count)
        where TLanes : struct, ILanes<TLanes>
    {
        TLanes zero = TLanes.Broadcast(0);
        TLanes units = TLanes.Broadcast(unit);
        for (int i = 0; i < count; i += TLanes.Count)
        {
            TLanes divisor = TLanes.Load(denominator + i);
            TLanes quotient = TLanes.SquareRoot(TLanes.Load(numerator + i)) / (units * divisor);
            TLanes.IfAtMost(divisor, zero, zero, quotient).Store(target + i);
        }
    }
}
