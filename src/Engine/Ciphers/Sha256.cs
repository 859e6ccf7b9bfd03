using System.Buffers.Binary;
using System.Numerics;
using System.Runtime.CompilerServices;

namespace FlowMeter.Engine.Ciphers;

/// <summary>
/// SHA-256 (FIPS 180-4). The framework's loads OpenSSL, which a sensor need not have. A copy of it goes on from where the original was,
/// which is what <see cref="HmacSha256"/> does.
/// </summary>
internal struct Sha256
{
    /// <summary>Bytes of a digest.</summary>
    public const int DigestLength = 32;

    /// <summary>Bytes of a block.</summary>
    public const int BlockLength = 64;

    private const int Rounds = 64;

    private Words _state;
    private ulong _length;

    /// <summary>Begins a message.</summary>
    public Sha256()
    {
        ReadOnlySpan<uint> start =
        [
            0x6A09E667, 0xBB67AE85, 0x3C6EF372, 0xA54FF53A, 0x510E527F, 0x9B05688C, 0x1F83D9AB, 0x5BE0CD19,
        ];
        start.CopyTo(_state);
    }

    // The first 32 bits of the fractions of the cube roots of the first 64 primes.
    private static ReadOnlySpan<uint> Constants =>
    [
        0x428A2F98, 0x71374491, 0xB5C0FBCF, 0xE9B5DBA5, 0x3956C25B, 0x59F111F1, 0x923F82A4, 0xAB1C5ED5,
        0xD807AA98, 0x12835B01, 0x243185BE, 0x550C7DC3, 0x72BE5D74, 0x80DEB1FE, 0x9BDC06A7, 0xC19BF174,
        0xE49B69C1, 0xEFBE4786, 0x0FC19DC6, 0x240CA1CC, 0x2DE92C6F, 0x4A7484AA, 0x5CB0A9DC, 0x76F988DA,
        0x983E5152, 0xA831C66D, 0xB00327C8, 0xBF597FC7, 0xC6E00BF3, 0xD5A79147, 0x06CA6351, 0x14292967,
        0x27B70A85, 0x2E1B2138, 0x4D2C6DFC, 0x53380D13, 0x650A7354, 0x766A0ABB, 0x81C2C92E, 0x92722C85,
        0xA2BFE8A1, 0xA81A664B, 0xC24B8B70, 0xC76C51A3, 0xD192E819, 0xD6990624, 0xF40E3585, 0x106AA070,
        0x19A4C116, 0x1E376C08, 0x2748774C, 0x34B0BCB5, 0x391C0CB3, 0x4ED8AA4A, 0x5B9CCA4F, 0x682E6FF3,
        0x748F82EE, 0x78A5636F, 0x84C87814, 0x8CC70208, 0x90BEFFFA, 0xA4506CEB, 0xBEF9A3F7, 0xC67178F2,
    ];

    /// <summary>Writes the digest of a message.</summary>
    /// <param name="message">Of any length.</param>
    /// <param name="digest">Room for <see cref="DigestLength"/> bytes.</param>
    public static void Hash(ReadOnlySpan<byte> message, Span<byte> digest) => new Sha256().Finish(message, digest);

    /// <summary>Takes the next block of the message.</summary>
    /// <param name="block"><see cref="BlockLength"/> bytes.</param>
    public void Add(ReadOnlySpan<byte> block)
    {
        Span<uint> words = stackalloc uint[Rounds];
        for (int t = 0; t < BlockLength / 4; t++)
        {
            words[t] = BinaryPrimitives.ReadUInt32BigEndian(block[(4 * t)..]);
        }

        for (int t = BlockLength / 4; t < Rounds; t++)
        {
            uint early = words[t - 15];
            uint late = words[t - 2];
            words[t] = words[t - 16] + words[t - 7]
                + (BitOperations.RotateRight(early, 7) ^ BitOperations.RotateRight(early, 18) ^ (early >> 3))
                + (BitOperations.RotateRight(late, 17) ^ BitOperations.RotateRight(late, 19) ^ (late >> 10));
        }

        (uint a, uint b, uint c, uint d) = (_state[0], _state[1], _state[2], _state[3]);
        (uint e, uint f, uint g, uint h) = (_state[4], _state[5], _state[6], _state[7]);
        ReadOnlySpan<uint> constants = Constants;
        for (int t = 0; t < Rounds; t++)
        {
            uint first = h + constants[t] + words[t] + ((e & f) ^ (~e & g))
                + (BitOperations.RotateRight(e, 6) ^ BitOperations.RotateRight(e, 11) ^ BitOperations.RotateRight(e, 25));
            uint second = ((a & b) ^ (a & c) ^ (b & c))
                + (BitOperations.RotateRight(a, 2) ^ BitOperations.RotateRight(a, 13) ^ BitOperations.RotateRight(a, 22));
            (h, g, f, e, d, c, b, a) = (g, f, e, d + first, c, b, a, first + second);
        }

        ReadOnlySpan<uint> after = [a, b, c, d, e, f, g, h];
        for (int i = 0; i < after.Length; i++)
        {
            _state[i] += after[i];
        }

        _length += BlockLength;
    }

    /// <summary>Takes the rest of the message and writes the digest. Nothing can be added afterwards.</summary>
    /// <param name="rest">All that was not added; of any length.</param>
    /// <param name="digest">Room for <see cref="DigestLength"/> bytes.</param>
    public void Finish(ReadOnlySpan<byte> rest, Span<byte> digest)
    {
        ulong bits = (_length + (ulong)rest.Length) * 8;
        for (; rest.Length >= BlockLength; rest = rest[BlockLength..])
        {
            Add(rest);
        }

        Span<byte> block = stackalloc byte[BlockLength];
        block.Clear();
        rest.CopyTo(block);
        block[rest.Length] = 0x80;
        if (rest.Length >= BlockLength - 8)
        {
            Add(block);
            block.Clear();
        }

        BinaryPrimitives.WriteUInt64BigEndian(block[(BlockLength - 8)..], bits);
        Add(block);
        for (int i = 0; i < DigestLength / 4; i++)
        {
            BinaryPrimitives.WriteUInt32BigEndian(digest[(4 * i)..], _state[i]);
        }
    }

    /// <summary>The eight words that a block changes.</summary>
    [InlineArray(DigestLength / 4)]
    private struct Words
    {
        private uint _first;
    }
}
