namespace FlowMeter.Engine.Ciphers;

/// <summary>
/// The multiplication in software, by ordinary ones of numbers that have three zeros between two bits, so that carries stay in the gaps
/// (as BearSSL does). Half of a product comes so; the other is the same of the bits in reverse.
/// </summary>
internal readonly struct CarrylessScalar : ICarrylessProduct
{
    private const ulong Every = 0x1111_1111_1111_1111;

    /// <inheritdoc/>
    public static (ulong Low, ulong High) Multiply(ulong a, ulong b) => (Half(a, b), Reversed(Half(Reversed(a), Reversed(b))) >> 1);

    /// <summary>The lower 64 bits of the product.</summary>
    private static ulong Half(ulong a, ulong b)
    {
        ulong half = 0;
        for (int sum = 0; sum < 4; sum++)
        {
            ulong part = 0;
            for (int i = 0; i < 4; i++)
            {
                part ^= (a & (Every << i)) * (b & (Every << ((sum - i) & 3)));
            }

            half |= part & (Every << sum);
        }

        return half;
    }

    private static ulong Reversed(ulong value)
    {
        value = ((value >> 1) & 0x5555_5555_5555_5555) | ((value & 0x5555_5555_5555_5555) << 1);
        value = ((value >> 2) & 0x3333_3333_3333_3333) | ((value & 0x3333_3333_3333_3333) << 2);
        value = ((value >> 4) & 0x0F0F_0F0F_0F0F_0F0F) | ((value & 0x0F0F_0F0F_0F0F_0F0F) << 4);
        return System.Buffers.Binary.BinaryPrimitives.ReverseEndianness(value);
    }
}
