using System.Buffers.Binary;
using System.Numerics;

namespace FlowMeter.Engine.Ciphers;

/// <summary>
/// SHA-1 (FIPS 180-4) of messages that fit one block: all that a Community ID needs. The framework's would load OpenSSL, which a sensor
/// need not have.
/// </summary>
internal static class Sha1Block
{
    /// <summary>Bytes of a digest.</summary>
    public const int DigestLength = 20;

    /// <summary>Bytes of the longest message.</summary>
    public const int LongestMessage = 55;

    private const int BlockLength = 64;
    private const int Rounds = 80;

    /// <summary>Writes the digest of a message.</summary>
    /// <param name="message">At most <see cref="LongestMessage"/> bytes.</param>
    /// <param name="digest">Room for <see cref="DigestLength"/> bytes.</param>
    public static void Hash(ReadOnlySpan<byte> message, Span<byte> digest)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(message.Length, LongestMessage);
        Span<byte> block = stackalloc byte[BlockLength];
        block.Clear();
        message.CopyTo(block);
        block[message.Length] = 0x80;
        BinaryPrimitives.WriteUInt64BigEndian(block[(BlockLength - 8)..], (ulong)message.Length * 8);
        Span<uint> words = stackalloc uint[Rounds];
        for (int t = 0; t < Rounds; t++)
        {
            words[t] = t < BlockLength / 4
                ? BinaryPrimitives.ReadUInt32BigEndian(block[(4 * t)..])
                : BitOperations.RotateLeft(words[t - 3] ^ words[t - 8] ^ words[t - 14] ^ words[t - 16], 1);
        }

        ReadOnlySpan<uint> start = [0x67452301, 0xEFCDAB89, 0x98BADCFE, 0x10325476, 0xC3D2E1F0];
        (uint a, uint b, uint c, uint d, uint e) = (start[0], start[1], start[2], start[3], start[4]);
        for (int t = 0; t < Rounds; t++)
        {
            (uint f, uint k) = t switch
            {
                < 20 => ((b & c) | (~b & d), 0x5A827999u),
                < 40 => (b ^ c ^ d, 0x6ED9EBA1u),
                < 60 => ((b & c) | (b & d) | (c & d), 0x8F1BBCDCu),
                _ => (b ^ c ^ d, 0xCA62C1D6u),
            };
            uint next = BitOperations.RotateLeft(a, 5) + f + e + k + words[t];
            (a, b, c, d, e) = (next, a, BitOperations.RotateLeft(b, 30), c, d);
        }

        ReadOnlySpan<uint> end = [a, b, c, d, e];
        for (int i = 0; i < end.Length; i++)
        {
            BinaryPrimitives.WriteUInt32BigEndian(digest[(4 * i)..], start[i] + end[i]);
        }
    }
}
