using System.Buffers.Binary;

namespace FlowMeter.Engine.Names;

/// <summary>
/// Reads messages of NetBIOS over UDP (RFC 1002): the name that is asked for, registered or sent from. What hosts register, and what an
/// answer says, names later flows.
/// </summary>
internal sealed class NetbiosReader(AnsweredNames? answered)
{
    private const int EncodedLength = 32;
    private const int NameLength = 15;
    private const int DatagramNameAt = 14;
    private const int DatagramAddressAt = 4;
    private const ushort TypeName = 0x20;
    private const byte Workstation = 0;
    private const byte FileServer = 0x20;

    // What hosts ask for by default (RFC 1002 §5.1.1.1); datagrams have none.
    private const uint DatagramTtl = 900;

    /// <summary>Reads a message of the name service, port 137.</summary>
    public bool TryReadName(in FlowNaming to, ReadOnlySpan<byte> message, long time)
    {
        Span<byte> name = stackalloc byte[NameLength];
        if (message.Length < DnsHeader.Length + 1 + EncodedLength + 1 || message[DnsHeader.Length] != EncodedLength
            || !TryDecode(message[(DnsHeader.Length + 1)..], name, out int length, out byte suffix))
        {
            return false;
        }

        to.Is(Application.NetBios);
        to.Add(NameField.NetbiosName, name[..length]);
        DnsHeader header = new(message);
        int at = DnsHeader.Length;
        bool hasQuestion = header.Questions > 0;
        if (!DnsName.TrySkip(message, ref at))
        {
            return true;
        }

        if (hasQuestion)
        {
            // A registration: the address is in a record that points at the name of the question.
            at += 4;
            if (!DnsName.TrySkip(message, ref at))
            {
                return true;
            }
        }

        ReadAddress(message, at, name[..length], suffix, time);
        return true;
    }

    /// <summary>Reads a datagram, port 138: its header has the sender's address and name (RFC 1002 §4.4.1).</summary>
    public bool TryReadDatagram(in FlowNaming to, ReadOnlySpan<byte> message, long time)
    {
        Span<byte> name = stackalloc byte[NameLength];
        if (message.Length < DatagramNameAt + 1 + EncodedLength || message[0] is < 0x10 or > 0x16
            || message[DatagramNameAt] != EncodedLength
            || !TryDecode(message[(DatagramNameAt + 1)..], name, out int length, out byte suffix))
        {
            return false;
        }

        to.Is(Application.NetBios);
        to.Add(NameField.NetbiosName, name[..length]);
        if (suffix is Workstation or FileServer && length > 0)
        {
            answered?.Add(message.Slice(DatagramAddressAt, 4), name[..length], time, DatagramTtl);
        }

        return true;
    }

    /// <summary>Takes the address of a name that is one host's.</summary>
    private void ReadAddress(ReadOnlySpan<byte> message, int at, ReadOnlySpan<byte> name, byte suffix, long time)
    {
        const int Header = 10, Entry = 6;
        if (at + Header + Entry > message.Length || BinaryPrimitives.ReadUInt16BigEndian(message[at..]) != TypeName)
        {
            return;
        }

        uint ttl = BinaryPrimitives.ReadUInt32BigEndian(message[(at + 4)..]);
        ReadOnlySpan<byte> data = message[(at + Header)..];
        bool isGroup = (data[0] & 0x80) != 0;
        if (!isGroup && suffix is Workstation or FileServer && !name.IsEmpty)
        {
            answered?.Add(data.Slice(2, 4), name, time, ttl == 0 ? DatagramTtl : ttl);
        }
    }

    /// <summary>
    /// Decodes a name: half a byte in each letter from A on, 15 bytes with spaces at the end, and one that says what kind of name it is.
    /// </summary>
    private static bool TryDecode(ReadOnlySpan<byte> encoded, Span<byte> name, out int length, out byte suffix)
    {
        length = 0;
        suffix = 0;
        for (int i = 0; i < EncodedLength; i += 2)
        {
            int high = encoded[i] - 'A';
            int low = encoded[i + 1] - 'A';
            if ((uint)high > 15 || (uint)low > 15)
            {
                return false;
            }

            suffix = (byte)((high << 4) | low);
            if (i / 2 < NameLength)
            {
                name[i / 2] = suffix;
            }
        }

        length = name.TrimEnd(" \0"u8).Length;
        return true;
    }
}
