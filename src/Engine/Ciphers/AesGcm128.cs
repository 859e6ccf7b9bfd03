using System.Buffers.Binary;
using System.Runtime.Intrinsics;

namespace FlowMeter.Engine.Ciphers;

/// <summary>
/// Decryption by AES-GCM with a key of 128 bits, nonces of 96 and tags of 128 (NIST SP 800-38D): how the first packets of QUIC are
/// protected (RFC 9001 §5). Nothing is decrypted whose tag is wrong.
/// </summary>
internal static class AesGcm128
{
    /// <summary>Bytes of a nonce.</summary>
    public const int NonceLength = 12;

    /// <summary>Bytes of a tag.</summary>
    public const int TagLength = 16;

    private const int Four = 4 * Aes128.BlockLength;

    /// <summary>Decrypts bytes, if they and what belongs to them are authentic.</summary>
    /// <param name="cipher">The cipher with its key.</param>
    /// <param name="nonce"><see cref="NonceLength"/> bytes.</param>
    /// <param name="encrypted">The encrypted bytes and the tag behind them.</param>
    /// <param name="authenticated">What the tag covers, too.</param>
    /// <param name="decrypted">Room for all of them but the tag.</param>
    /// <returns>False where the tag is wrong or missing; nothing was written then.</returns>
    public static bool TryDecrypt(
        in Aes128 cipher, ReadOnlySpan<byte> nonce, ReadOnlySpan<byte> encrypted, ReadOnlySpan<byte> authenticated, Span<byte> decrypted)
    {
        if (encrypted.Length < TagLength)
        {
            return false;
        }

        ReadOnlySpan<byte> tag = encrypted[^TagLength..];
        encrypted = encrypted[..^TagLength];
        Span<byte> counter = stackalloc byte[Aes128.BlockLength];
        counter.Clear();
        nonce.CopyTo(counter);
        Span<byte> expected = stackalloc byte[TagLength];
        Hash(in cipher, encrypted, authenticated, expected);
        (Vector128.Create<byte>(expected) ^ cipher.Encrypt(Numbered(counter, 1))).CopyTo(expected);
        if (!expected.SequenceEqual(tag))
        {
            return false;
        }

        ApplyCounter(in cipher, counter, encrypted, decrypted);
        return true;
    }

    private static void Hash(in Aes128 cipher, ReadOnlySpan<byte> encrypted, ReadOnlySpan<byte> authenticated, Span<byte> hash)
    {
        if (CarrylessInstruction.IsSupported)
        {
            Hash<CarrylessInstruction>(in cipher, encrypted, authenticated, hash);
        }
        else
        {
            Hash<CarrylessScalar>(in cipher, encrypted, authenticated, hash);
        }
    }

    private static void Hash<TProduct>(
        in Aes128 cipher, ReadOnlySpan<byte> encrypted, ReadOnlySpan<byte> authenticated, Span<byte> hash)
        where TProduct : struct, ICarrylessProduct
    {
        Span<byte> key = stackalloc byte[Aes128.BlockLength];
        cipher.Encrypt(Vector128<byte>.Zero).CopyTo(key);
        GaloisHash<TProduct> blocks = new(key);
        blocks.Add(authenticated);
        blocks.Add(encrypted);
        blocks.Finish(authenticated.Length, encrypted.Length, hash);
    }

    /// <summary>The counter mode, from number 2 on: number 1 is for the tag.</summary>
    private static void ApplyCounter(in Aes128 cipher, Span<byte> counter, ReadOnlySpan<byte> from, Span<byte> to)
    {
        Span<byte> stream = stackalloc byte[Four];
        uint number = 2;
        for (; !from.IsEmpty; number += 4)
        {
            Vector128<byte> a = Numbered(counter, number);
            Vector128<byte> b = Numbered(counter, number + 1);
            Vector128<byte> c = Numbered(counter, number + 2);
            Vector128<byte> d = Numbered(counter, number + 3);
            cipher.EncryptFour(ref a, ref b, ref c, ref d);
            if (from.Length >= Four)
            {
                (a ^ Vector128.Create(from)).CopyTo(to);
                (b ^ Vector128.Create(from[16..])).CopyTo(to[16..]);
                (c ^ Vector128.Create(from[32..])).CopyTo(to[32..]);
                (d ^ Vector128.Create(from[48..])).CopyTo(to[48..]);
                from = from[Four..];
                to = to[Four..];
                continue;
            }

            a.CopyTo(stream);
            b.CopyTo(stream[16..]);
            c.CopyTo(stream[32..]);
            d.CopyTo(stream[48..]);
            for (int i = 0; i < from.Length; i++)
            {
                to[i] = (byte)(from[i] ^ stream[i]);
            }

            return;
        }
    }

    private static Vector128<byte> Numbered(Span<byte> counter, uint number)
    {
        BinaryPrimitives.WriteUInt32BigEndian(counter[NonceLength..], number);
        return Vector128.Create<byte>(counter);
    }
}
