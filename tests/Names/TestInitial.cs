using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace FlowMeter.Tests.Names;

/// <summary>Builds the first packets of a QUIC client by the framework's ciphers (RFC 9001 §5, RFC 9369).</summary>
internal sealed record TestInitial(uint Version, byte[] Connection)
{
    private const int DatagramLength = 1200;
    private const uint Second = 0x6B33_43CF;

    /// <summary>The identifier that keys are made of, where it is not that of the packet.</summary>
    public byte[]? KeyConnection { get; init; }

    public byte[] Token { get; init; } = [];

    public uint Number { get; init; }

    /// <summary>Bytes of the packet number, 1 to 4.</summary>
    public int NumberLength { get; init; } = 1;

    /// <summary>A frame of the stream of handshake messages.</summary>
    public static byte[] Crypto(byte[] stream, int from, int to) =>
        [6, .. Varint(from), .. Varint(to - from), .. stream[from..to]];

    /// <summary>A number of variable length (RFC 9000 §16).</summary>
    public static byte[] Varint(int value) =>
        value < 64 ? [(byte)value] : value < 16_384 ? [(byte)(0x40 | (value >> 8)), (byte)value]
            : [(byte)(0x80 | (value >> 24)), (byte)(value >> 16), (byte)(value >> 8), (byte)value];

    /// <summary>A packet with these frames, in a datagram of 1,200 bytes at least.</summary>
    /// <param name="frames">The frames.</param>
    /// <param name="isPadded">Whether padding frames fill the datagram.</param>
    public byte[] Packet(byte[] frames, bool isPadded = true)
    {
        bool isSecond = Version == Second;
        byte[] version = new byte[4];
        BinaryPrimitives.WriteUInt32BigEndian(version, Version);
        byte first = (byte)(0xC0 | (isSecond ? 0x10 : 0) | (NumberLength - 1));
        byte[] start =
        [
            first, .. version, (byte)Connection.Length, .. Connection, 4, 9, 9, 9, 9, .. Varint(Token.Length), .. Token,
        ];
        int padding = isPadded ? Math.Max(DatagramLength - start.Length - 2 - NumberLength - frames.Length - 16, 0) : 0;
        byte[] plain = [.. frames, .. new byte[padding]];
        int length = NumberLength + plain.Length + 16;
        byte[] number = [.. Enumerable.Range(0, NumberLength).Select(i => (byte)(Number >> (8 * (NumberLength - 1 - i))))];
        byte[] header = [.. start, (byte)(0x40 | (length >> 8)), (byte)length, .. number];

        (byte[] key, byte[] nonce, byte[] mask) = Keys();
        for (int i = 0; i < 4; i++)
        {
            nonce[11 - i] ^= (byte)(Number >> (8 * i));
        }

        byte[] encrypted = new byte[plain.Length];
        byte[] tag = new byte[16];
        using AesGcm gcm = new(key, 16);
        gcm.Encrypt(nonce, plain, encrypted, tag, header);
        byte[] packet = [.. header, .. encrypted, .. tag];
        int numberAt = header.Length - NumberLength;
        using Aes aes = Aes.Create();
        aes.Key = mask;
        byte[] sample = aes.EncryptEcb(packet.AsSpan(numberAt + 4, 16), PaddingMode.None);
        packet[0] ^= (byte)(sample[0] & 0xF);
        for (int i = 0; i < NumberLength; i++)
        {
            packet[numberAt + i] ^= sample[1 + i];
        }

        return packet;
    }

    private (byte[] Key, byte[] Nonce, byte[] Mask) Keys()
    {
        string salt = Version switch
        {
            1 => "38762cf7f55934b34d179ae6a4c80cadccbb7f0a",
            Second => "0dede3def700a6db819381be6e269dcbf9bd2ed9",
            _ => "afbfec289993d24c9e9786f19c6111e04390a899",
        };
        byte[] secret = HKDF.Extract(HashAlgorithmName.SHA256, KeyConnection ?? Connection, Convert.FromHexString(salt));
        byte[] client = Expand(secret, "client in", 32);
        string prefix = Version == Second ? "quicv2" : "quic";
        return (Expand(client, prefix + " key", 16), Expand(client, prefix + " iv", 12), Expand(client, prefix + " hp", 16));
    }

    private static byte[] Expand(byte[] secret, string label, int length)
    {
        byte[] name = Encoding.ASCII.GetBytes("tls13 " + label);
        return HKDF.Expand(HashAlgorithmName.SHA256, secret, length, [0, (byte)length, (byte)name.Length, .. name, 0]);
    }
}
