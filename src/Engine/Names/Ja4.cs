using System.Buffers.Binary;

namespace FlowMeter.Engine.Names;

/// <summary>
/// JA4, the fingerprint of a TLS client by what it offers, as FoxIO describes it (BSD 3-Clause). Values of GREASE (RFC 8701) do not count
/// anywhere.
/// </summary>
internal static class Ja4
{
    /// <summary>Characters of a fingerprint.</summary>
    public const int Length = 36;

    /// <summary>
    /// Values of one list, at most. Clients have up to 200; who sends thousands would have us hash long texts, and gets no fingerprint.
    /// </summary>
    public const int MaxValues = 512;

    private const ushort ServerName = 0;
    private const ushort Alpn = 16;

    /// <summary>Writes the fingerprint of a whole ClientHello.</summary>
    /// <param name="transport"><c>t</c> for TCP, <c>q</c> for QUIC, <c>d</c> for DTLS.</param>
    /// <param name="hello">The message.</param>
    /// <param name="hashes">Hashes of lists that were seen before.</param>
    /// <param name="text">Room for <see cref="Length"/> bytes.</param>
    /// <returns>False where a list has more than <see cref="MaxValues"/>.</returns>
    public static bool TryWrite(byte transport, in ClientHello hello, Ja4Hashes hashes, Span<byte> text)
    {
        Span<ushort> suites = stackalloc ushort[MaxValues];
        Span<ushort> extensions = stackalloc ushort[2 * MaxValues];
        if (!TryList(hello.CipherSuites, suites, out int suiteCount)
            || !TryListExtensions(hello.Extensions, extensions[..MaxValues], out int extensionCount, out int listed)
            || !TryList(hello.SignatureAlgorithms, extensions.Slice(listed, MaxValues), out int algorithms))
        {
            return false;
        }

        text[0] = transport;
        VersionOf(in hello).CopyTo(text[1..]);
        text[3] = hello.HasServerName ? (byte)'d' : (byte)'i';
        WriteCount(suiteCount, text[4..]);
        WriteCount(extensionCount, text[6..]);
        WriteProtocol(hello.Protocols, text[8..]);
        text[10] = (byte)'_';
        suites[..suiteCount].Sort();
        hashes.Write(suites[..suiteCount], suiteCount, text[11..]);
        text[23] = (byte)'_';
        extensions[..listed].Sort();
        hashes.Write(extensions[..(listed + algorithms)], listed, text[24..]);
        return true;
    }

    /// <summary>Values of two equal bytes that end in A (RFC 8701 §2).</summary>
    private static bool IsGrease(ushort value) => (value & 0x0F0F) == 0x0A0A && value >> 8 == (value & 0xFF);

    private static bool TryList(ReadOnlySpan<byte> bytes, Span<ushort> values, out int count)
    {
        count = 0;
        for (; bytes.Length >= 2; bytes = bytes[2..])
        {
            ushort value = BinaryPrimitives.ReadUInt16BigEndian(bytes);
            if (IsGrease(value))
            {
                continue;
            }

            if (count == values.Length)
            {
                return false;
            }

            values[count++] = value;
        }

        return true;
    }

    /// <summary>The types of extensions: all are counted, those that the first part tells of are not listed.</summary>
    private static bool TryListExtensions(ReadOnlySpan<byte> bytes, Span<ushort> types, out int count, out int listed)
    {
        ByteReader reader = new(bytes);
        count = 0;
        listed = 0;
        while (!reader.IsAtEnd)
        {
            ushort type = reader.UInt16();
            reader.Skip(reader.UInt16());
            if (IsGrease(type))
            {
                continue;
            }

            count++;
            if (type is ServerName or Alpn)
            {
                continue;
            }

            if (listed == types.Length)
            {
                return false;
            }

            types[listed++] = type;
        }

        return true;
    }

    /// <summary>The highest of the supported versions; without that extension, the version of the message.</summary>
    private static ReadOnlySpan<byte> VersionOf(in ClientHello hello)
    {
        ushort version = 0;
        for (ReadOnlySpan<byte> versions = hello.SupportedVersions; versions.Length >= 2; versions = versions[2..])
        {
            ushort offered = BinaryPrimitives.ReadUInt16BigEndian(versions);
            version = IsGrease(offered) ? version : Math.Max(version, offered);
        }

        return (version == 0 ? hello.Version : version) switch
        {
            0x0304 => "13"u8,
            0x0303 => "12"u8,
            0x0302 => "11"u8,
            0x0301 => "10"u8,
            0x0300 => "s3"u8,
            0x0002 => "s2"u8,
            0xFEFF => "d1"u8,
            0xFEFD => "d2"u8,
            0xFEFC => "d3"u8,
            _ => "00"u8,
        };
    }

    private static void WriteCount(int count, Span<byte> text)
    {
        count = Math.Min(count, 99);
        text[0] = (byte)('0' + (count / 10));
        text[1] = (byte)('0' + (count % 10));
    }

    /// <summary>The first and last character of the first protocol; in hexadecimal where one of them is no letter or digit.</summary>
    private static void WriteProtocol(ReadOnlySpan<byte> protocols, Span<byte> text)
    {
        ByteReader reader = new(protocols);
        ReadOnlySpan<byte> protocol = reader.Take(reader.Byte());
        if (protocol.IsEmpty)
        {
            "00"u8.CopyTo(text);
            return;
        }

        byte first = protocol[0];
        byte last = protocol[^1];
        bool isPlain = char.IsAsciiLetterOrDigit((char)first) && char.IsAsciiLetterOrDigit((char)last);
        text[0] = isPlain ? first : Ja4Hashes.Digit(first >> 4);
        text[1] = isPlain ? last : Ja4Hashes.Digit(last & 0xF);
    }
}
