using System.Buffers.Binary;

namespace FlowMeter.Engine.Names;

/// <summary>
/// Reads the first message of a TLS connection: what the client offers, or what the server chose. It may be in several records
/// (RFC 8446 §5.1).
/// </summary>
internal sealed class TlsReader
{
    private const int RecordHeader = 5;
    private const int MessageHeader = 4;
    private const byte Handshake = 22;
    private const byte ClientHelloType = 1;
    private const byte ServerHelloType = 2;
    private const int RandomLength = 32;
    private const int SupportedVersions = 43;

    private readonly Ja4Hashes _hashes = new();
    private readonly byte[] _message = new byte[StreamHead.Capacity];

    /// <summary>Whether bytes begin as a handshake message of a client or a server does, behind a record header.</summary>
    public static bool IsHello(ReadOnlySpan<byte> bytes) =>
        bytes.Length > RecordHeader && bytes[0] == Handshake && bytes[1] == 3 && bytes[2] <= 4
            && bytes[RecordHeader] is ClientHelloType or ServerHelloType;

    /// <summary>Reads the beginning of a stream.</summary>
    /// <param name="to">Where names go.</param>
    /// <param name="bytes">The stream's first bytes.</param>
    /// <param name="isLast">Whether no more will come: what is there is read.</param>
    public ReadResult Read(in FlowNaming to, ReadOnlySpan<byte> bytes, bool isLast)
    {
        if (bytes.Length <= RecordHeader)
        {
            bool mayBe = bytes[0] == Handshake && (bytes.Length < 2 || bytes[1] == 3) && (bytes.Length < 3 || bytes[2] <= 4);
            return mayBe ? ReadResult.More : ReadResult.Unknown;
        }

        // Change of cipher, alert, and data: the capture began later than the connection.
        if (bytes[0] is < 20 or > 23 || bytes[1] != 3 || bytes[2] > 4 || BinaryPrimitives.ReadUInt16BigEndian(bytes[3..]) == 0)
        {
            return ReadResult.Unknown;
        }

        to.Is(Application.Tls);
        if (!IsHello(bytes))
        {
            return ReadResult.Read;
        }

        ReadOnlySpan<byte> message = Unwrap(bytes, out bool isWhole);
        if (!isWhole && !isLast)
        {
            return ReadResult.More;
        }

        if (message.Length < MessageHeader)
        {
            return ReadResult.Read;
        }

        if (message[0] == ClientHelloType)
        {
            ReadClientHello(in to, message, (byte)'t');
        }
        else
        {
            ReadServerHello(in to, message[MessageHeader..]);
        }

        return ReadResult.Read;
    }

    /// <summary>The length of a handshake message with its header, by the header.</summary>
    /// <param name="message">Four bytes at least.</param>
    public static int LengthOf(ReadOnlySpan<byte> message) => MessageHeader + ((message[1] << 16) | (message[2] << 8) | message[3]);

    /// <summary>Takes the names of a ClientHello.</summary>
    /// <param name="to">Where they go.</param>
    /// <param name="message">The message, or what is there of it: at least its header.</param>
    /// <param name="transport">How JA4 names what carries it.</param>
    public void ReadClientHello(in FlowNaming to, ReadOnlySpan<byte> message, byte transport) =>
        ReadClientHello(in to, ClientHello.Read(message[MessageHeader..], LengthOf(message) - MessageHeader), transport);

    /// <summary>Takes the names of a ClientHello that was read.</summary>
    public void ReadClientHello(in FlowNaming to, in ClientHello hello, byte transport)
    {
        // A message that is encrypted, where the capture began later, may have any type.
        if (hello.Version >> 8 is not 0x03 and not 0xFE)
        {
            return;
        }

        to.Add(NameField.ServerName, hello.ServerName);
        Span<byte> text = stackalloc byte[byte.MaxValue];
        if (hello.IsWhole && Ja4.TryWrite(transport, in hello, _hashes, text))
        {
            to.Add(NameField.Ja4, text[..Ja4.Length]);
        }

        to.Add(NameField.Alpn, text[..Join(hello.Protocols, text)]);
    }

    /// <summary>Writes protocols with commas between; those that do not fit are left out.</summary>
    private static int Join(ReadOnlySpan<byte> protocols, Span<byte> text)
    {
        ByteReader reader = new(protocols);
        int at = 0;
        while (!reader.IsAtEnd)
        {
            ReadOnlySpan<byte> protocol = reader.Take(reader.Byte());
            if (reader.IsShort || at + 1 + protocol.Length > text.Length)
            {
                break;
            }

            if (at > 0)
            {
                text[at++] = (byte)',';
            }

            protocol.CopyTo(text[at..]);
            at += protocol.Length;
        }

        return at;
    }

    /// <summary>The version that the server chose: TLS 1.3 says it in an extension (RFC 8446 §4.2.1).</summary>
    private static void ReadServerHello(in FlowNaming to, ReadOnlySpan<byte> body)
    {
        ByteReader reader = new(body);
        ushort version = reader.UInt16();
        reader.Skip(RandomLength);
        reader.Skip(reader.Byte());
        reader.Skip(sizeof(ushort) + sizeof(byte));
        ByteReader extensions = new(reader.Take(reader.UInt16()));
        while (!extensions.IsAtEnd)
        {
            ushort type = extensions.UInt16();
            ByteReader content = new(extensions.Take(extensions.UInt16()));
            if (type == SupportedVersions)
            {
                version = content.UInt16();
            }
        }

        to.Add(NameField.TlsVersion, version switch
        {
            0x0300 => "SSLv3"u8,
            0x0301 => "TLSv1"u8,
            0x0302 => "TLSv1.1"u8,
            0x0303 => "TLSv1.2"u8,
            0x0304 => "TLSv1.3"u8,
            _ => [],
        });
    }

    /// <summary>The first handshake message without record headers, or what is there of it.</summary>
    private ReadOnlySpan<byte> Unwrap(ReadOnlySpan<byte> bytes, out bool isWhole)
    {
        ReadOnlySpan<byte> record = RecordIn(bytes);
        int wanted = record.Length < MessageHeader ? MessageHeader : LengthOf(record);
        if (record.Length >= wanted && record.Length >= MessageHeader)
        {
            isWhole = true;
            return record[..wanted];
        }

        int length = 0;
        while (bytes.Length > RecordHeader && bytes[0] == Handshake && length < _message.Length)
        {
            record = RecordIn(bytes);
            bytes = bytes[(RecordHeader + record.Length)..];
            record = record[..Math.Min(record.Length, _message.Length - length)];
            record.CopyTo(_message.AsSpan(length));
            length += record.Length;
            if (record.IsEmpty)
            {
                break;
            }
        }

        ReadOnlySpan<byte> message = _message.AsSpan(0, length);
        isWhole = length >= MessageHeader && length >= LengthOf(message);
        return isWhole ? message[..LengthOf(message)] : message;
    }

    /// <summary>What is there of a record, without its header.</summary>
    private static ReadOnlySpan<byte> RecordIn(ReadOnlySpan<byte> bytes)
    {
        int length = BinaryPrimitives.ReadUInt16BigEndian(bytes[3..]);
        return bytes.Slice(RecordHeader, Math.Min(length, bytes.Length - RecordHeader));
    }
}
