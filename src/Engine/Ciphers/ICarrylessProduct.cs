namespace FlowMeter.Engine.Ciphers;

/// <summary>A multiplication of polynomials over two elements. All of them give the same bits.</summary>
internal interface ICarrylessProduct
{
    /// <summary>The product of two polynomials of 64 coefficients: 128 bits, of which the uppermost is 0.</summary>
    static abstract (ulong Low, ulong High) Multiply(ulong a, ulong b);
}
