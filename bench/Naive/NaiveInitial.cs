using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace FlowMeter.Bench.Naive;

/// <summary>The first packet of a QUIC client (RFC 9001 §5), by the library's ciphers.</summary>
internal static class NaiveInitial
{
    private static readonly byte[] s_salt = Convert.FromHexString("38762cf7f55934b34d179ae6a4c80cadccbb7f0a");

    /// <summary>The bytes of its first frame of handshake messages.</summary>
    public static ReadOnlySpan<byte> Decrypt(ReadOnlySpan<byte> packet)
    {
        ReadOnlySpan<byte> connection = packet.Slice(6, packet[5]);
        int at = 6 + connection.Length;
        at += 1 + packet[at];
        at += 1 + packet[at];
        int length = BinaryPrimitives.ReadUInt16BigEndian(packet[at..]) & 0x3FFF;
        at += 2;

        byte[] secret = HKDF.Extract(HashAlgorithmName.SHA256, connection.ToArray(), s_salt);
        byte[] client = Expand(secret, "client in", 32);
        using Aes aes = Aes.Create();
        aes.Key = Expand(client, "quic hp", 16);
        byte[] mask = aes.EncryptEcb(packet.Slice(at + 4, 16), PaddingMode.None);
        byte[] header = packet[..(at + 4)].ToArray();
        header[0] ^= (byte)(mask[0] & 0xF);
        int numberLength = (header[0] & 3) + 1;
        header = header[..(at + numberLength)];
        byte[] nonce = Expand(client, "quic iv", 12);
        for (int i = 0; i < numberLength; i++)
        {
            header[at + i] ^= mask[1 + i];
            nonce[12 - numberLength + i] ^= header[at + i];
        }

        ReadOnlySpan<byte> sealedBytes = packet.Slice(at + numberLength, length - numberLength);
        byte[] plain = new byte[sealedBytes.Length - 16];
        using AesGcm gcm = new(Expand(client, "quic key", 16), 16);
        gcm.Decrypt(nonce, sealedBytes[..^16], sealedBytes[^16..], plain, header);

        // A frame at offset 0 whose length takes two bytes: as the bench makes it.
        return plain is [6, 0, ..] ? plain.AsSpan(4, BinaryPrimitives.ReadUInt16BigEndian(plain.AsSpan(2)) & 0x3FFF) : [];
    }

    private static byte[] Expand(byte[] secret, string label, int length)
    {
        byte[] name = Encoding.ASCII.GetBytes("tls13 " + label);
        return HKDF.Expand(HashAlgorithmName.SHA256, secret, length, [0, (byte)length, (byte)name.Length, .. name, 0]);
    }
}
