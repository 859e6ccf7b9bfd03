using FlowMeter.Engine.Ciphers;
using FlowMeter.Engine.Names;

namespace FlowMeter.Engine.Anonymization;

/// <summary>
/// Replaces what names hosts, people and sites by a keyed hash, so that equal names stay equal, and drops what may tell of them otherwise.
/// What only says how a program speaks stays. For one thread.
/// </summary>
internal sealed class NameAnonymizer
{
    /// <summary>Bytes of what stands in a name's place.</summary>
    public const int HashLength = 16;

    private static readonly NameField[] s_kept =
    [
        NameField.Ja4, NameField.Alpn, NameField.TlsVersion, NameField.HttpMethod, NameField.HttpStatus, NameField.DnsType,
        NameField.DnsRcode, NameField.SmbDialect, NameField.SipMethod,
    ];

    private static readonly NameField[] s_hashed =
    [
        NameField.ServerName, NameField.HttpHost, NameField.DnsQuery, NameField.DhcpHostName, NameField.NetbiosName, NameField.RdpCookie,
        NameField.SourceName, NameField.DestinationName,
    ];

    private readonly HmacSha256 _hash;

    /// <summary>Takes a key.</summary>
    public NameAnonymizer(AnonymizationKey key)
    {
        _hash = new HmacSha256(key.Bytes);
    }

    /// <summary>Whether a field stays as it is.</summary>
    public static bool Keeps(NameField field) => s_kept.Contains(field);

    /// <summary>Whether a field is hashed; what is neither hashed nor kept is dropped.</summary>
    public static bool Hashes(NameField field) => s_hashed.Contains(field);

    /// <summary>Replaces the names of a flow where they are.</summary>
    public void Replace(ref NameRecord record)
    {
        NameRecord other = default;
        foreach (NameField field in s_kept)
        {
            other.Add(field, record[field]);
        }

        Span<byte> hashed = stackalloc byte[HashLength];
        foreach (NameField field in s_hashed)
        {
            ReadOnlySpan<byte> name = record[field];
            if (!name.IsEmpty)
            {
                Hash(name, hashed);
                other.Add(field, hashed);
            }
        }

        record = other;
    }

    /// <summary>Writes what stands in a name's place: 16 hexadecimal digits. The case of letters does not count, as in DNS.</summary>
    /// <param name="name">At most 255 bytes.</param>
    /// <param name="to">Room for 16 bytes.</param>
    public void Hash(ReadOnlySpan<byte> name, Span<byte> to)
    {
        Span<byte> lower = stackalloc byte[byte.MaxValue];
        int length = 0;
        foreach (byte value in name)
        {
            lower[length++] = value is >= (byte)'A' and <= (byte)'Z' ? (byte)(value | 0x20) : value;
        }

        Span<byte> code = stackalloc byte[Sha256.DigestLength];
        _hash.Compute(lower[..length], code);
        for (int i = 0; i < HashLength; i++)
        {
            to[i] = "0123456789abcdef"u8[(code[i / 2] >> (i % 2 == 0 ? 4 : 0)) & 0xF];
        }
    }
}
