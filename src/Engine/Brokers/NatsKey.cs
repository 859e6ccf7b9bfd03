using FlowMeter.Native;

namespace FlowMeter.Engine.Brokers;

/// <summary>The key of a NATS user (nkey), by which it proves who it is: Ed25519, written in base 32 with a checksum.</summary>
internal sealed class NatsKey
{
    private const string Digits = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
    private const byte SeedPrefix = 18 << 3;
    private const byte UserPrefix = 20 << 3;

    private readonly byte[] _seed;

    private NatsKey(byte[] seed)
    {
        _seed = seed;
        PublicKey = Encode([UserPrefix, .. Ed25519Key.PublicKeyOf(seed)]);
    }

    /// <summary>The public key, which begins with U.</summary>
    public string PublicKey { get; }

    /// <summary>Reads the seed of a user, which begins with SU.</summary>
    /// <exception cref="FormatException">It is none.</exception>
    /// <exception cref="OpenSslException">OpenSSL is not there.</exception>
    public static NatsKey FromSeed(string text)
    {
        byte[]? bytes = Decode(text);
        return bytes is { Length: 2 + Ed25519Key.SeedLength } && (bytes[0] & 0xf8) == SeedPrefix
            && (byte)((bytes[0] << 5) | (bytes[1] >> 3)) == UserPrefix
            ? new NatsKey(bytes[2..])
            : throw new FormatException("has no seed of a user's key, which begins with SU");
    }

    /// <summary>The signature of a challenge, as the server takes it.</summary>
    public string Sign(ReadOnlySpan<byte> challenge) =>
        Convert.ToBase64String(Ed25519Key.Sign(_seed, challenge)).TrimEnd('=').Replace('+', '-').Replace('/', '_');

    private static string Encode(byte[] bytes)
    {
        ushort checksum = Checksum(bytes);
        byte[] all = [.. bytes, (byte)checksum, (byte)(checksum >> 8)];
        char[] text = new char[((all.Length * 8) + 4) / 5];
        for (int i = 0; i < text.Length; i++)
        {
            int bit = i * 5;
            int pair = (all[bit / 8] << 8) | (bit / 8 + 1 < all.Length ? all[bit / 8 + 1] : 0);
            text[i] = Digits[(pair >> (11 - (bit % 8))) & 31];
        }

        return new string(text);
    }

    /// <summary>The bytes of a text, without their checksum; null if it is wrong.</summary>
    private static byte[]? Decode(string text)
    {
        byte[] bytes = new byte[text.Length * 5 / 8];
        for (int i = 0; i < text.Length; i++)
        {
            int digit = Digits.IndexOf(text[i], StringComparison.Ordinal);
            if (digit < 0)
            {
                return null;
            }

            for (int bit = 0; bit < 5; bit++)
            {
                int place = (i * 5) + bit;
                if (place / 8 < bytes.Length && (digit & (16 >> bit)) != 0)
                {
                    bytes[place / 8] |= (byte)(128 >> (place % 8));
                }
            }
        }

        return bytes.Length > 2 && Checksum(bytes.AsSpan(0, bytes.Length - 2)) == (bytes[^2] | (bytes[^1] << 8)) ? bytes[..^2] : null;
    }

    /// <summary>CRC-16/XMODEM.</summary>
    private static ushort Checksum(ReadOnlySpan<byte> bytes)
    {
        ushort sum = 0;
        foreach (byte value in bytes)
        {
            sum ^= (ushort)(value << 8);
            for (int bit = 0; bit < 8; bit++)
            {
                sum = (ushort)((sum & 0x8000) != 0 ? (sum << 1) ^ 0x1021 : sum << 1);
            }
        }

        return sum;
    }
}
