using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace FlowMeter.Engine.Ciphers;

/// <summary>
/// Crypto-PAn (Xu, Fan, Ammar, Moon 2002): each bit of an address is flipped or not by all bits before it, under a key, so that two
/// addresses share as many first bits afterwards as before. Both versions go by the same rule: 32 bits of IPv4, 128 of IPv6. It remembers
/// what becomes of first halves, which addresses share. For one thread.
/// </summary>
internal sealed class CryptoPan
{
    /// <summary>Bytes of a key: the cipher's, and what the pad is made of.</summary>
    public const int KeyLength = 2 * Aes128.KeyLength;

    private const int Blocks = 4;
    private const int RememberedBits = 12;

    // The first 0 to 127 bits of a block.
    private static readonly Vector128<byte>[] s_first =
        [.. Enumerable.Range(0, 128).Select(bits => BytesOf(bits == 0 ? 0 : UInt128.MaxValue << (128 - bits)))];

    private readonly Aes128 _cipher;
    private readonly Vector128<byte> _pad;
    private readonly Half[] _halves = new Half[1 << RememberedBits];

    /// <summary>Takes a key of <see cref="KeyLength"/> bytes.</summary>
    public CryptoPan(ReadOnlySpan<byte> key)
    {
        _cipher = new Aes128(key);
        _pad = _cipher.Encrypt(Vector128.Create(key.Slice(Aes128.KeyLength, Aes128.BlockLength)));
    }

    /// <summary>The IPv4 address in place of another.</summary>
    public uint Anonymize(uint address) => (uint)(Anonymize((UInt128)address << 96, 32) >> 96);

    /// <summary>The IPv6 address in place of another.</summary>
    public UInt128 Anonymize(UInt128 address) => Anonymize(address, 128);

    /// <summary>A block under the cipher and key of the addresses: for what else has to be replaced, as MAC addresses.</summary>
    public Vector128<byte> Encrypt(Vector128<byte> block) => _cipher.Encrypt(block);

    private UInt128 Anonymize(UInt128 address, int bits)
    {
        int middle = bits / 2;
        UInt128 first = address >> (128 - middle);
        ref Half half = ref _halves[((ulong)first * 0x9E37_79B9_7F4A_7C15) >> (64 - RememberedBits)];
        if (half.Bits != middle || half.First != (ulong)first)
        {
            half = new Half((ulong)first, Flips(address, 0, middle), middle);
        }

        return address ^ half.Flips ^ Flips(address, middle, bits);
    }

    /// <summary>The bits to flip among some of an address. Four blocks at a time, which the processor works on at once.</summary>
    private UInt128 Flips(UInt128 address, int from, int end)
    {
        Vector128<byte> bytes = BytesOf(address);
        UInt128 flips = 0;
        for (int bit = from; bit < end; bit += Blocks)
        {
            Vector128<byte> first = BlockOf(bytes, bit);
            Vector128<byte> second = BlockOf(bytes, bit + 1);
            Vector128<byte> third = BlockOf(bytes, bit + 2);
            Vector128<byte> fourth = BlockOf(bytes, bit + 3);
            _cipher.EncryptFour(ref first, ref second, ref third, ref fourth);
            uint four = ((uint)first.ToScalar() >> 7 << 3) | ((uint)second.ToScalar() >> 7 << 2) | ((uint)third.ToScalar() >> 7 << 1)
                | ((uint)fourth.ToScalar() >> 7);
            flips = (flips << Blocks) | four;
        }

        return flips << (128 - end);
    }

    /// <summary>The first bits of an address, and the pad's behind them.</summary>
    private Vector128<byte> BlockOf(Vector128<byte> address, int bits) => Vector128.ConditionalSelect(s_first[bits], address, _pad);

    /// <summary>A word as bytes in network order.</summary>
    private static Vector128<byte> BytesOf(UInt128 word)
    {
        ulong upper = (ulong)(word >> 64);
        ulong lower = (ulong)word;
        return BitConverter.IsLittleEndian
            ? Vector128.Create(BinaryPrimitives.ReverseEndianness(upper), BinaryPrimitives.ReverseEndianness(lower)).AsByte()
            : Vector128.Create(upper, lower).AsByte();
    }

    /// <summary>The first half of addresses, and the bits of it to flip; no bits: none.</summary>
    [StructLayout(LayoutKind.Auto)]
    private readonly record struct Half(ulong First, UInt128 Flips, int Bits);
}
