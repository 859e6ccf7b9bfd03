using System.Runtime.Intrinsics;
using FlowMeter.Engine.Ciphers;

namespace FlowMeter.Engine.Names;

/// <summary>
/// Reads the ClientHello of a QUIC connection: decrypts the client's first packets (RFC 9001 §5) and puts their CRYPTO frames in order,
/// over several datagrams where it is long. A server's packets are not tried: their keys need the same identifier, and they tell no name.
/// </summary>
internal sealed unsafe class QuicReader(StreamHeads heads, TlsReader tls)
{
    /// <summary>Datagrams that are looked at in each direction: a hello of three, and one that came twice.</summary>
    public const int MaxDatagrams = 4;

    // A client pads the datagram of a first packet to this (RFC 9000 §14.1), so nothing is tried with small ones.
    private const int MinDatagram = 1200;

    // The first identifier that a client chooses has 8 bytes at least (RFC 9000 §7.2).
    private const int MinConnection = 8;

    // First packets in one datagram that are tried. One is usual.
    private const int MaxInitials = 3;

    private const int SampleLength = 16;
    private const int MaxNumber = 4;
    private const int MessageHeader = 4;

    private readonly byte[] _header = new byte[NamePacket.MaxPayload];
    private readonly byte[] _frames = new byte[NamePacket.MaxPayload];
    private readonly byte[] _connection = new byte[StreamHead.MaxConnectionId];
    private int _connectionLength;
    private uint _version;
    private QuicKeys _keys;

    /// <summary>Keys that were made, which is most of what a flow of QUIC costs.</summary>
    public long KeysMade { get; private set; }

    /// <summary>Takes a datagram that begins as a packet of QUIC.</summary>
    /// <returns>Whether later datagrams of this end matter.</returns>
    public bool Take(in FlowNaming to, ref NamedEnd end, in NamePacket packet)
    {
        // The other end has said all: its answers would be tried in vain, and that costs as much as the client's packet.
        bool isKnown = to.Application == Application.Quic && !to[NameField.Ja4].IsEmpty;
        to.Is(Application.Quic);
        ReadOnlySpan<byte> bytes = packet.Payload;
        if (isKnown || !packet.IsWhole || bytes.Length is < MinDatagram or > NamePacket.MaxPayload)
        {
            return !isKnown && end.Packets < MaxDatagrams;
        }

        bool isRead = heads.Of(in end) != null;
        bool isTried = false;
        for (int i = 0; i < MaxInitials && QuicPacket.TryRead(ref bytes, out QuicPacket first); i++)
        {
            // Packets that share a datagram have one identifier (RFC 9000 §12.2): the keys are made once.
            if (first.IsInitial && first.Connection.Length >= MinConnection)
            {
                isTried = true;
                if (TryDecrypt(ref end, in first, out int length))
                {
                    isRead = true;
                    TakeFrames(ref end, in first, _frames.AsSpan(0, length));
                }
            }
        }

        // A client's very first packet can be read. Where it could not, no later one will be, and none costs anything.
        return (isRead || !isTried) && !IsComplete(in to, ref end) && end.Packets < MaxDatagrams;
    }

    /// <summary>Takes what there is of a ClientHello whose rest did not come.</summary>
    public void End(in FlowNaming to, ref NamedEnd end)
    {
        StreamHead* head = heads.Of(in end);
        if (head != null && head->Length >= MessageHeader && head->Bytes[0] == 1)
        {
            tls.ReadClientHello(in to, head->Bytes, (byte)'q');
        }

        heads.Return(ref end);
    }

    /// <summary>Reads the ClientHello if all of it is there.</summary>
    private bool IsComplete(in FlowNaming to, ref NamedEnd end)
    {
        StreamHead* head = heads.Of(in end);
        if (head == null || head->Length < MessageHeader)
        {
            return false;
        }

        if (head->Bytes[0] == 1 && head->Length < Math.Min(TlsReader.LengthOf(head->Bytes), StreamHead.Capacity))
        {
            return false;
        }

        End(in to, ref end);
        return true;
    }

    /// <summary>Decrypts a packet by the keys of the flow's first identifier, or of its own: after a Retry there are new ones.</summary>
    private bool TryDecrypt(ref NamedEnd end, in QuicPacket packet, out int length)
    {
        StreamHead* head = heads.Of(in end);
        if (head != null && head->ConnectionIdLength > 0)
        {
            ReadOnlySpan<byte> before = new(head->ConnectionId, head->ConnectionIdLength);
            if (TryDecrypt(in packet, head->Version, before, out length))
            {
                return true;
            }

            if (before.SequenceEqual(packet.Connection))
            {
                return false;
            }
        }

        if (!TryDecrypt(in packet, packet.Version, packet.Connection, out length))
        {
            return false;
        }

        heads.Return(ref end);
        return true;
    }

    private bool TryDecrypt(in QuicPacket packet, uint version, ReadOnlySpan<byte> connection, out int length)
    {
        length = 0;
        ReadOnlySpan<byte> bytes = packet.Bytes;
        int at = packet.NumberAt;
        if (at + MaxNumber + SampleLength > bytes.Length)
        {
            return false;
        }

        if (version != _version || !connection.SequenceEqual(_connection.AsSpan(0, _connectionLength)))
        {
            _keys = new QuicKeys(version, connection);
            KeysMade++;
            _version = version;
            _connectionLength = connection.Length;
            connection.CopyTo(_connection);
        }

        // The header's protection (RFC 9001 §5.4): a sample of what is encrypted masks the number and its length.
        Span<byte> mask = stackalloc byte[SampleLength];
        _keys.Header.Encrypt(Vector128.Create(bytes.Slice(at + MaxNumber, SampleLength))).CopyTo(mask);
        byte first = (byte)(bytes[0] ^ (mask[0] & 0x0F));
        int numberLength = (first & 3) + 1;
        Span<byte> header = _header.AsSpan(0, at + numberLength);
        bytes[..header.Length].CopyTo(header);
        header[0] = first;
        uint number = 0;
        for (int i = 0; i < numberLength; i++)
        {
            header[at + i] ^= mask[1 + i];
            number = (number << 8) | header[at + i];
        }

        Span<byte> nonce = stackalloc byte[AesGcm128.NonceLength];
        _keys.WriteNonce(number, nonce);
        ReadOnlySpan<byte> encrypted = bytes[header.Length..];
        length = encrypted.Length - AesGcm128.TagLength;
        return AesGcm128.TryDecrypt(in _keys.Payload, nonce, encrypted, header, _frames);
    }

    /// <summary>Takes the CRYPTO frames of a packet; PADDING, PING and ACK may be between them (RFC 9000 §17.2.2).</summary>
    private void TakeFrames(ref NamedEnd end, in QuicPacket packet, ReadOnlySpan<byte> frames)
    {
        const byte Padding = 0, Ping = 1, Ack = 2, AckWithCounts = 3, Crypto = 6;
        ByteReader reader = new(frames);
        while (!reader.IsAtEnd && !reader.IsShort)
        {
            byte type = reader.Byte();
            switch (type)
            {
                case Padding:
                    reader.SkipAll(Padding);
                    break;
                case Ping:
                    break;
                case Ack or AckWithCounts:
                    SkipAck(ref reader, type == AckWithCounts);
                    break;
                case Crypto:
                    ulong offset = reader.Varint();
                    ulong length = reader.Varint();
                    ReadOnlySpan<byte> piece = reader.Take((int)Math.Min(length, int.MaxValue));
                    if (offset < StreamHead.Capacity)
                    {
                        HeadOf(ref end, in packet)->Put((long)offset, piece);
                    }

                    break;
                default:
                    return;
            }
        }
    }

    private static void SkipAck(ref ByteReader reader, bool hasCounts)
    {
        reader.Varint();
        reader.Varint();
        ulong ranges = reader.Varint();
        reader.Varint();
        for (ulong i = 0; i < ranges && !reader.IsShort; i++)
        {
            reader.Varint();
            reader.Varint();
        }

        for (int i = 0; hasCounts && i < 3; i++)
        {
            reader.Varint();
        }
    }

    private StreamHead* HeadOf(ref NamedEnd end, in QuicPacket packet)
    {
        StreamHead* head = heads.Of(in end);
        if (head == null)
        {
            head = heads.Lend(ref end);
            head->Version = packet.Version;
            head->ConnectionIdLength = (byte)packet.Connection.Length;
            packet.Connection.CopyTo(new Span<byte>(head->ConnectionId, StreamHead.MaxConnectionId));
        }

        return head;
    }
}
