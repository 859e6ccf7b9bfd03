using System.Runtime.CompilerServices;
using FlowMeter.Engine.Ciphers;

namespace FlowMeter.Engine.Names;

/// <summary>
/// The keys of a client's first packets, which follow from the version and the first connection identifier alone (RFC 9001 §5.2, RFC 9369
/// §3.3): no secret, but what keeps others from reading them by mistake.
/// </summary>
internal readonly struct QuicKeys
{
    private static readonly HmacSha256 s_salt1 = new(Convert.FromHexString("38762cf7f55934b34d179ae6a4c80cadccbb7f0a"));
    private static readonly HmacSha256 s_salt2 = new(Convert.FromHexString("0dede3def700a6db819381be6e269dcbf9bd2ed9"));
    private static readonly HmacSha256 s_salt29 = new(Convert.FromHexString("afbfec289993d24c9e9786f19c6111e04390a899"));

    /// <summary>Encrypts payloads.</summary>
    public readonly Aes128 Payload;

    /// <summary>Masks headers.</summary>
    public readonly Aes128 Header;

    private readonly Nonce _nonce;

    /// <summary>Makes the keys of a client.</summary>
    /// <param name="version">The version, one that <see cref="QuicVersion.HasKeys"/>.</param>
    /// <param name="connection">The first destination connection identifier.</param>
    public QuicKeys(uint version, ReadOnlySpan<byte> connection)
    {
        bool isSecond = version == QuicVersion.Second;
        Span<byte> secret = stackalloc byte[Sha256.DigestLength];
        (isSecond ? s_salt2 : version == QuicVersion.First ? s_salt1 : s_salt29).Compute(connection, secret);
        new HmacSha256(secret).ExpandLabel("tls13 client in"u8, secret);
        HmacSha256 client = new(secret);
        Span<byte> key = stackalloc byte[Aes128.KeyLength];
        client.ExpandLabel(isSecond ? "tls13 quicv2 key"u8 : "tls13 quic key"u8, key);
        Payload = new Aes128(key);
        client.ExpandLabel(isSecond ? "tls13 quicv2 hp"u8 : "tls13 quic hp"u8, key);
        Header = new Aes128(key);
        client.ExpandLabel(isSecond ? "tls13 quicv2 iv"u8 : "tls13 quic iv"u8, _nonce);
    }

    /// <summary>Writes the nonce of a packet (RFC 9001 §5.3).</summary>
    /// <param name="number">The packet's number.</param>
    /// <param name="nonce">Room for <see cref="AesGcm128.NonceLength"/> bytes.</param>
    public void WriteNonce(uint number, Span<byte> nonce)
    {
        ((ReadOnlySpan<byte>)_nonce).CopyTo(nonce);
        for (int i = 0; i < sizeof(uint); i++)
        {
            nonce[AesGcm128.NonceLength - 1 - i] ^= (byte)(number >> (8 * i));
        }
    }

    /// <summary>What a packet's number is mixed with.</summary>
    [InlineArray(AesGcm128.NonceLength)]
    private struct Nonce
    {
        private byte _first;
    }
}
