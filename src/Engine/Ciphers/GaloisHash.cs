using System.Buffers.Binary;
using System.Runtime.CompilerServices;

namespace FlowMeter.Engine.Ciphers;

/// <summary>GHASH (NIST SP 800-38D §6.4): what the tag of AES-GCM is made of.</summary>
/// <typeparam name="TProduct">How polynomials are multiplied.</typeparam>
internal ref struct GaloisHash<TProduct>
    where TProduct : struct, ICarrylessProduct
{
    private readonly ulong _keyHigh;
    private readonly ulong _keyLow;
    private ulong _high;
    private ulong _low;

    /// <summary>Begins a hash.</summary>
    /// <param name="key">The encrypted block of zeros.</param>
    public GaloisHash(ReadOnlySpan<byte> key)
    {
        _keyHigh = BinaryPrimitives.ReadUInt64BigEndian(key);
        _keyLow = BinaryPrimitives.ReadUInt64BigEndian(key[8..]);
    }

    /// <summary>Takes bytes, with zeros behind them up to a whole block.</summary>
    public void Add(scoped ReadOnlySpan<byte> bytes)
    {
        for (; bytes.Length >= Aes128.BlockLength; bytes = bytes[Aes128.BlockLength..])
        {
            AddBlock(BinaryPrimitives.ReadUInt64BigEndian(bytes), BinaryPrimitives.ReadUInt64BigEndian(bytes[8..]));
        }

        if (!bytes.IsEmpty)
        {
            Span<byte> block = stackalloc byte[Aes128.BlockLength];
            block.Clear();
            bytes.CopyTo(block);
            Add(block);
        }
    }

    /// <summary>Takes the lengths, in bytes, of what was authenticated and what was encrypted, and writes the hash.</summary>
    public void Finish(int authenticated, int encrypted, Span<byte> hash)
    {
        AddBlock((ulong)authenticated * 8, (ulong)encrypted * 8);
        BinaryPrimitives.WriteUInt64BigEndian(hash, _high);
        BinaryPrimitives.WriteUInt64BigEndian(hash[8..], _low);
    }

    /// <summary>
    /// Adds a block and multiplies by the key modulo x^128 + x^7 + x^2 + x + 1. The standard writes the coefficient of x^0 first, so the
    /// product of the numbers is one place too low, and the reduction goes from the low end.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void AddBlock(ulong high, ulong low)
    {
        high ^= _high;
        low ^= _low;
        (ulong v0, ulong v1) = TProduct.Multiply(low, _keyLow);
        (ulong v2, ulong v3) = TProduct.Multiply(high, _keyHigh);
        (ulong middleLow, ulong middleHigh) = TProduct.Multiply(high ^ low, _keyHigh ^ _keyLow);
        (middleLow, middleHigh) = (middleLow ^ v0 ^ v2, middleHigh ^ v1 ^ v3);
        v1 ^= middleLow;
        v2 ^= middleHigh;

        v3 = (v3 << 1) | (v2 >> 63);
        v2 = (v2 << 1) | (v1 >> 63);
        v1 = (v1 << 1) | (v0 >> 63);
        v0 <<= 1;

        v2 ^= v0 ^ (v0 >> 1) ^ (v0 >> 2) ^ (v0 >> 7);
        v1 ^= (v0 << 63) ^ (v0 << 62) ^ (v0 << 57);
        v3 ^= v1 ^ (v1 >> 1) ^ (v1 >> 2) ^ (v1 >> 7);
        v2 ^= (v1 << 63) ^ (v1 << 62) ^ (v1 << 57);
        _high = v3;
        _low = v2;
    }
}
