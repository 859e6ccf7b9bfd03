using System.Runtime.Intrinsics;

namespace FlowMeter.Engine.Numerics;

/// <summary>Two lanes: SSE2, AdvSIMD.</summary>
internal readonly unsafe struct Lanes2(Vector128<double> value) : ILanes<Lanes2>
{
    private readonly Vector128<double> _value = value;

    public static int Count => Vector128<double>.Count;

    public static Lanes2 Load(double* source) => new(Vector128.Load(source));

    public static Lanes2 Broadcast(double value) => new(Vector128.Create(value));

    public void Store(double* target) => Vector128.Store(_value, target);

    public static Lanes2 operator +(Lanes2 left, Lanes2 right) => new(left._value + right._value);

    public static Lanes2 operator -(Lanes2 left, Lanes2 right) => new(left._value - right._value);

    public static Lanes2 operator *(Lanes2 left, Lanes2 right) => new(left._value * right._value);

    public static Lanes2 operator /(Lanes2 left, Lanes2 right) => new(left._value / right._value);

    public static Lanes2 IfAtMost(Lanes2 left, Lanes2 right, Lanes2 then, Lanes2 otherwise) =>
        new(Vector128.ConditionalSelect(Vector128.LessThanOrEqual(left._value, right._value), then._value, otherwise._value));

    public static Lanes2 PowerOfTwo(Lanes2 n) =>
        new(((n._value + Vector128.Create(LaneBits.Bias)).AsInt64() << LaneBits.SignificandBits).AsDouble());

    public static Lanes2 Exponent(Lanes2 x) =>
        new(((x._value.AsInt64() >>> LaneBits.SignificandBits) | Vector128.Create(LaneBits.Integer)).AsDouble()
            - Vector128.Create(LaneBits.Bias));

    public static Lanes2 Significand(Lanes2 x) =>
        new(((x._value.AsInt64() & Vector128.Create(LaneBits.SignificandMask)) | Vector128.Create(LaneBits.One)).AsDouble());

    public static Lanes2 SquareRoot(Lanes2 x) => new(Vector128.Sqrt(x._value));
}
