namespace FlowMeter.Engine.Numerics;

/// <summary>One lane: the scalar definition that the wide types are held to, and what scores the last flows of a block.</summary>
internal readonly unsafe struct Lanes1(double value) : ILanes<Lanes1>
{
    private readonly double _value = value;

    public static int Count => 1;

    /// <summary>The one value.</summary>
    public double Value => _value;

    public static Lanes1 Load(double* source) => new(*source);

    public static Lanes1 Broadcast(double value) => new(value);

    public void Store(double* target) => *target = _value;

    public static Lanes1 operator +(Lanes1 left, Lanes1 right) => new(left._value + right._value);

    public static Lanes1 operator -(Lanes1 left, Lanes1 right) => new(left._value - right._value);

    public static Lanes1 operator *(Lanes1 left, Lanes1 right) => new(left._value * right._value);

    public static Lanes1 operator /(Lanes1 left, Lanes1 right) => new(left._value / right._value);

    public static Lanes1 IfAtMost(Lanes1 left, Lanes1 right, Lanes1 then, Lanes1 otherwise) =>
        left._value <= right._value ? then : otherwise;

    public static Lanes1 PowerOfTwo(Lanes1 n) =>
        FromBits(Bits(n._value + LaneBits.Bias) << LaneBits.SignificandBits);

    public static Lanes1 Exponent(Lanes1 x) =>
        new(BitConverter.Int64BitsToDouble((Bits(x._value) >>> LaneBits.SignificandBits) | LaneBits.Integer) - LaneBits.Bias);

    public static Lanes1 Significand(Lanes1 x) => FromBits((Bits(x._value) & LaneBits.SignificandMask) | LaneBits.One);

    private static long Bits(double value) => BitConverter.DoubleToInt64Bits(value);

    private static Lanes1 FromBits(long bits) => new(BitConverter.Int64BitsToDouble(bits));

    public static Lanes1 SquareRoot(Lanes1 x) => new(Math.Sqrt(x._value));
}
