using System.Runtime.Intrinsics;

namespace FlowMeter.Engine.Numerics;

/// <summary>Four lanes: AVX2, the width that ships for x86-64.</summary>
internal readonly unsafe struct Lanes4(Vector256<double> value) : ILanes<Lanes4>
{
    private readonly Vector256<double> _value = value;

    public static int Count => Vector256<double>.Count;

    public static Lanes4 Load(double* source) => new(Vector256.Load(source));

    public static Lanes4 Broadcast(double value) => new(Vector256.Create(value));

    public void Store(double* target) => Vector256.Store(_value, target);

    public static Lanes4 operator +(Lanes4 left, Lanes4 right) => new(left._value + right._value);

    public static Lanes4 operator -(Lanes4 left, Lanes4 right) => new(left._value - right._value);

    public static Lanes4 operator *(Lanes4 left, Lanes4 right) => new(left._value * right._value);

    public static Lanes4 operator /(Lanes4 left, Lanes4 right) => new(left._value / right._value);

    public static Lanes4 IfAtMost(Lanes4 left, Lanes4 right, Lanes4 then, Lanes4 otherwise) =>
        new(Vector256.ConditionalSelect(Vector256.LessThanOrEqual(left._value, right._value), then._value, otherwise._value));

    public static Lanes4 PowerOfTwo(Lanes4 n) =>
        new(((n._value + Vector256.Create(LaneBits.Bias)).AsInt64() << LaneBits.SignificandBits).AsDouble());

    public static Lanes4 Exponent(Lanes4 x) =>
        new(((x._value.AsInt64() >>> LaneBits.SignificandBits) | Vector256.Create(LaneBits.Integer)).AsDouble()
            - Vector256.Create(LaneBits.Bias));

    public static Lanes4 Significand(Lanes4 x) =>
        new(((x._value.AsInt64() & Vector256.Create(LaneBits.SignificandMask)) | Vector256.Create(LaneBits.One)).AsDouble());

    public static Lanes4 SquareRoot(Lanes4 x) => new(Vector256.Sqrt(x._value));
}
