using System.Runtime.Intrinsics;

namespace FlowMeter.Engine.Numerics;

/// <summary>Eight lanes: AVX-512.</summary>
internal readonly unsafe struct Lanes8(Vector512<double> value) : ILanes<Lanes8>
{
    private readonly Vector512<double> _value = value;

    public static int Count => Vector512<double>.Count;

    public static Lanes8 Load(double* source) => new(Vector512.Load(source));

    public static Lanes8 Broadcast(double value) => new(Vector512.Create(value));

    public void Store(double* target) => Vector512.Store(_value, target);

    public static Lanes8 operator +(Lanes8 left, Lanes8 right) => new(left._value + right._value);

    public static Lanes8 operator -(Lanes8 left, Lanes8 right) => new(left._value - right._value);

    public static Lanes8 operator *(Lanes8 left, Lanes8 right) => new(left._value * right._value);

    public static Lanes8 operator /(Lanes8 left, Lanes8 right) => new(left._value / right._value);

    public static Lanes8 IfAtMost(Lanes8 left, Lanes8 right, Lanes8 then, Lanes8 otherwise) =>
        new(Vector512.ConditionalSelect(Vector512.LessThanOrEqual(left._value, right._value), then._value, otherwise._value));

    public static Lanes8 PowerOfTwo(Lanes8 n) =>
        new(((n._value + Vector512.Create(LaneBits.Bias)).AsInt64() << LaneBits.SignificandBits).AsDouble());

    public static Lanes8 Exponent(Lanes8 x) =>
        new(((x._value.AsInt64() >>> LaneBits.SignificandBits) | Vector512.Create(LaneBits.Integer)).AsDouble()
            - Vector512.Create(LaneBits.Bias));

    public static Lanes8 Significand(Lanes8 x) =>
        new(((x._value.AsInt64() & Vector512.Create(LaneBits.SignificandMask)) | Vector512.Create(LaneBits.One)).AsDouble());

    public static Lanes8 SquareRoot(Lanes8 x) => new(Vector512.Sqrt(x._value));
}
