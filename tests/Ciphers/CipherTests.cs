using System.Runtime.Intrinsics;
using System.Security.Cryptography;
using System.Text;
using FlowMeter.Engine.Ciphers;

namespace FlowMeter.Tests.Ciphers;

/// <summary>The ciphers give what the framework's give, and their routines in software what the processor's give.</summary>
[Trait("Category", "Vector")]
public sealed class CipherTests
{
    private readonly Random _random = new(1);

    [Fact]
    public void Digests_of_SHA_256_are_the_frameworks()
    {
        byte[] digest = new byte[Sha256.DigestLength];
        for (int length = 0; length < 300; length++)
        {
            byte[] message = Bytes(length);
            Sha256.Hash(message, digest);
            Assert.Equal(SHA256.HashData(message), digest);
        }
    }

    [Fact]
    public void Codes_of_a_key_are_the_frameworks()
    {
        byte[] code = new byte[Sha256.DigestLength];
        for (int length = 0; length <= Sha256.BlockLength; length++)
        {
            byte[] key = Bytes(length);
            HmacSha256 hmac = new(key);
            foreach (byte[] message in new[] { Bytes(length), Bytes(2 * length) })
            {
                hmac.Compute(message, code);
                Assert.Equal(HMACSHA256.HashData(key, message), code);
            }
        }
    }

    [Fact]
    public void Labels_expand_as_RFC_8446_says()
    {
        byte[] label = Encoding.ASCII.GetBytes("tls13 quic key");
        foreach (int length in new[] { 12, 16, 32 })
        {
            byte[] secret = Bytes(32);
            byte[] expanded = new byte[length];
            new HmacSha256(secret).ExpandLabel(label, expanded);
            byte[] information = [0, (byte)length, (byte)label.Length, .. label, 0];
            Assert.Equal(HKDF.Expand(HashAlgorithmName.SHA256, secret, length, information), expanded);
        }
    }

    [Fact]
    public void Blocks_of_AES_are_the_frameworks_in_software_too()
    {
        byte[] actual = new byte[4 * Aes128.BlockLength];
        for (int i = 0; i < 500; i++)
        {
            byte[] key = Bytes(Aes128.KeyLength);
            byte[] blocks = Bytes(actual.Length);
            using Aes aes = Aes.Create();
            aes.Key = key;
            byte[] expected = aes.EncryptEcb(blocks, PaddingMode.None);
            Aes128 cipher = new(key);
            for (int at = 0; at < blocks.Length; at += Aes128.BlockLength)
            {
                Vector128<byte> block = Vector128.Create(blocks, at);
                cipher.Encrypt(block).CopyTo(actual, at);
                Assert.Equal(cipher.Encrypt(block), cipher.Encrypt<AesTable>(block));
            }

            Assert.Equal(expected, actual);
            Assert.Equal(expected, EncryptFour(blocks, cipher.EncryptFour));
            Assert.Equal(expected, EncryptFour(blocks, cipher.EncryptFour<AesTable>));
        }
    }

    [Fact]
    public void What_AES_GCM_has_encrypted_is_decrypted()
    {
        for (int length = 0; length < 300; length++)
        {
            byte[] key = Bytes(16);
            byte[] nonce = Bytes(12);
            byte[] plain = Bytes(length);
            byte[] authenticated = Bytes(length % 47);
            byte[] encrypted = new byte[length + AesGcm128.TagLength];
            using AesGcm gcm = new(key, AesGcm128.TagLength);
            gcm.Encrypt(nonce, plain, encrypted.AsSpan(0, length), encrypted.AsSpan(length), authenticated);

            Aes128 cipher = new(key);
            byte[] decrypted = new byte[length];
            Assert.True(AesGcm128.TryDecrypt(in cipher, nonce, encrypted, authenticated, decrypted));
            Assert.Equal(plain, decrypted);

            byte[] untouched = new byte[length];
            encrypted[_random.Next(encrypted.Length)] ^= (byte)(1 << _random.Next(8));
            Assert.False(AesGcm128.TryDecrypt(in cipher, nonce, encrypted, authenticated, untouched));
            Assert.Equal(new byte[length], untouched);
        }

        Aes128 zero = new(new byte[16]);
        Assert.False(AesGcm128.TryDecrypt(in zero, new byte[12], new byte[15], [], []));
    }

    [Fact]
    public void Products_without_carries_are_the_same_in_software()
    {
        Assert.Equal((0UL, 0UL), CarrylessScalar.Multiply(0, ulong.MaxValue));
        Assert.Equal((6UL, 0UL), CarrylessScalar.Multiply(3, 2));
        Assert.Equal((0x5555_5555_5555_5555UL, 0x5555_5555_5555_5555UL), CarrylessScalar.Multiply(ulong.MaxValue, ulong.MaxValue));
        if (!CarrylessInstruction.IsSupported)
        {
            return;
        }

        for (int i = 0; i < 100_000; i++)
        {
            ulong a = (ulong)_random.NextInt64(long.MinValue, long.MaxValue);
            ulong b = (ulong)_random.NextInt64(long.MinValue, long.MaxValue);
            Assert.Equal(CarrylessInstruction.Multiply(a, b), CarrylessScalar.Multiply(a, b));
        }
    }

    private delegate void FourBlocks(ref Vector128<byte> a, ref Vector128<byte> b, ref Vector128<byte> c, ref Vector128<byte> d);

    private static byte[] EncryptFour(byte[] blocks, FourBlocks encrypt)
    {
        Vector128<byte>[] four = [.. Enumerable.Range(0, 4).Select(i => Vector128.Create(blocks, i * Aes128.BlockLength))];
        encrypt(ref four[0], ref four[1], ref four[2], ref four[3]);
        byte[] bytes = new byte[blocks.Length];
        for (int i = 0; i < four.Length; i++)
        {
            four[i].CopyTo(bytes, i * Aes128.BlockLength);
        }

        return bytes;
    }

    private byte[] Bytes(int length)
    {
        byte[] bytes = new byte[length];
        _random.NextBytes(bytes);
        return bytes;
    }
}
