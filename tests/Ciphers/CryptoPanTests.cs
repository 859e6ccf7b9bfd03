using System.Buffers.Binary;
using System.Net;
using System.Numerics;
using System.Security.Cryptography;
using FlowMeter.Engine.Ciphers;

namespace FlowMeter.Tests.Ciphers;

/// <summary>Crypto-PAn against the vectors of its authors and of yacryptopan, and its definition with the framework's AES.</summary>
public sealed class CryptoPanTests
{
    // The sample of the authors' program.
    private static readonly byte[] s_authorsKey =
    [
        21, 34, 23, 141, 51, 164, 207, 128, 19, 10, 91, 22, 73, 144, 125, 16, 216, 152, 143, 131, 121, 121, 101, 39, 98, 87, 76, 45, 42,
        132, 34, 2,
    ];

    private static readonly byte[] s_countingKey = [.. Enumerable.Range(0, 32).Select(i => (byte)i)];

    [Theory]
    [InlineData("128.11.68.132", "135.242.180.132")]
    [InlineData("129.118.74.4", "134.136.186.123")]
    [InlineData("130.132.252.244", "133.68.164.234")]
    [InlineData("141.223.7.43", "141.167.8.160")]
    [InlineData("141.233.145.108", "141.129.237.235")]
    [InlineData("152.163.225.39", "151.140.114.167")]
    [InlineData("156.29.3.236", "147.225.12.42")]
    [InlineData("165.247.96.84", "162.9.99.234")]
    [InlineData("166.107.77.190", "160.132.178.185")]
    [InlineData("192.102.249.13", "252.138.62.131")]
    public void The_authors_addresses_become_theirs(string address, string expected) =>
        Assert.Equal(expected, Anonymize(s_authorsKey, address));

    [Theory]
    [InlineData("192.0.2.1", "2.90.93.17")]
    [InlineData("2001:db8::1", "dd92:2c44:3fc0:ff1e:7ff9:c7f0:8180:7e00")]
    public void Yacryptopans_addresses_become_its_own(string address, string expected) =>
        Assert.Equal(expected, Anonymize(s_countingKey, address));

    [Fact]
    public void Each_bit_goes_by_the_bits_before_it()
    {
        Random random = new(4);
        byte[] key = new byte[CryptoPan.KeyLength];
        byte[] address = new byte[16];
        for (int i = 0; i < 200; i++)
        {
            random.NextBytes(key);
            random.NextBytes(address);
            byte[] bytes = address[..(i % 2 == 0 ? 4 : 16)];

            Assert.Equal(Reference(key, bytes), IPAddress.Parse(Anonymize(key, new IPAddress(bytes).ToString())).GetAddressBytes());
        }
    }

    [Fact]
    public void What_was_seen_before_changes_nothing()
    {
        // More halves than are remembered, of both versions, some of them equal in number.
        Random random = new(6);
        CryptoPan old = new(s_countingKey);
        for (int i = 0; i < 30_000; i++)
        {
            uint four = (uint)random.NextInt64(1L << 32);
            UInt128 six = new((ulong)random.Next(20_000), (ulong)random.NextInt64());
            _ = old.Anonymize(four);
            _ = old.Anonymize(six);
            if (i % 100 == 0)
            {
                uint near = four ^ (uint)random.Next(1 << 16);
                UInt128 same = new(four >> 16, (ulong)i);
                Assert.Equal(new CryptoPan(s_countingKey).Anonymize(near), old.Anonymize(near));
                Assert.Equal(new CryptoPan(s_countingKey).Anonymize(same), old.Anonymize(same));
                Assert.Equal(new CryptoPan(s_countingKey).Anonymize(six), old.Anonymize(six));
                Assert.Equal(new CryptoPan(s_countingKey).Anonymize(four), old.Anonymize(four));
            }
        }
    }

    [Fact]
    public void As_many_first_bits_are_shared_afterwards_as_before()
    {
        CryptoPan cipher = new(s_authorsKey);
        Random random = new(5);
        for (int i = 0; i < 2000; i++)
        {
            UInt128 one = new((ulong)random.NextInt64(), (ulong)random.NextInt64());
            int shared = random.Next(128);
            UInt128 other = one ^ (UInt128.One << (127 - shared)) ^ ((UInt128)random.Next() & ((UInt128.One << (127 - shared)) - 1));

            Assert.Equal(shared, (int)UInt128.LeadingZeroCount(cipher.Anonymize(one) ^ cipher.Anonymize(other)));
            Assert.Equal(
                BitOperations.LeadingZeroCount((uint)i ^ 0x8000u),
                BitOperations.LeadingZeroCount(cipher.Anonymize((uint)i) ^ cipher.Anonymize(0x8000u)));
        }
    }

    private static string Anonymize(byte[] key, string address)
    {
        byte[] bytes = IPAddress.Parse(address).GetAddressBytes();
        CryptoPan cipher = new(key);
        if (bytes.Length == 4)
        {
            BinaryPrimitives.WriteUInt32BigEndian(
                bytes, cipher.Anonymize(BinaryPrimitives.ReadUInt32BigEndian(bytes)));
        }
        else
        {
            BinaryPrimitives.WriteUInt128BigEndian(
                bytes, cipher.Anonymize(BinaryPrimitives.ReadUInt128BigEndian(bytes)));
        }

        return new IPAddress(bytes).ToString();
    }

    /// <summary>The definition: bit i is flipped by the first bit of the cipher of the i bits before it and the pad's others.</summary>
    private static byte[] Reference(byte[] key, byte[] address)
    {
        using Aes aes = Aes.Create();
        aes.Key = key[..16];
        byte[] pad = aes.EncryptEcb(key[16..], PaddingMode.None);
        byte[] result = new byte[address.Length];
        for (int bit = 0; bit < address.Length * 8; bit++)
        {
            byte[] block = [.. pad];
            for (int i = 0; i < bit; i++)
            {
                int mask = 0x80 >> (i % 8);
                block[i / 8] = (byte)((block[i / 8] & ~mask) | (address[i / 8] & mask));
            }

            int flip = aes.EncryptEcb(block, PaddingMode.None)[0] >> 7;
            result[bit / 8] |= (byte)((((address[bit / 8] >> (7 - (bit % 8))) & 1) ^ flip) << (7 - (bit % 8)));
        }

        return result;
    }
}
