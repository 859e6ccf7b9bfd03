using System.Buffers.Binary;

namespace FlowMeter.Engine.Names;

/// <summary>
/// Reads messages of DHCP (RFC 2131): the name that a client gives itself, and the address that it asks for or is given, which has that
/// name from then on.
/// </summary>
internal sealed class DhcpReader(AnsweredNames? answered)
{
    private const int ClientAddressAt = 12;
    private const int GivenAddressAt = 16;
    private const int CookieAt = 236;
    private const uint Cookie = 0x6382_5363;
    private const byte Reply = 2;

    private const byte OptionPad = 0;
    private const byte OptionHostName = 12;
    private const byte OptionRequested = 50;
    private const byte OptionLease = 51;
    private const byte OptionType = 53;
    private const byte OptionFullName = 81;
    private const byte OptionEnd = 255;

    private const byte TypeRequest = 3;
    private const byte TypeAck = 5;

    // Where the message states none: a client does not, as a rule.
    private const uint DefaultLease = 86_400;

    private readonly byte[] _name = new byte[DnsName.MaxLength];

    /// <summary>Reads a message.</summary>
    public bool TryRead(in FlowNaming to, ReadOnlySpan<byte> message, long time)
    {
        if (message.Length < CookieAt || message[0] is not 1 and not Reply)
        {
            return false;
        }

        to.Is(Application.Dhcp);
        if (message.Length < CookieAt + sizeof(uint) || BinaryPrimitives.ReadUInt32BigEndian(message[CookieAt..]) != Cookie)
        {
            // BOOTP has no options.
            return true;
        }

        ReadOnlySpan<byte> hostName = [];
        ReadOnlySpan<byte> fullName = [];
        ReadOnlySpan<byte> requested = [];
        byte type = 0;
        uint lease = DefaultLease;
        ByteReader reader = new(message[(CookieAt + sizeof(uint))..]);
        while (!reader.IsAtEnd)
        {
            byte option = reader.Byte();
            if (option is OptionPad)
            {
                continue;
            }

            ReadOnlySpan<byte> value = option == OptionEnd ? [] : reader.Take(reader.Byte());
            if (option == OptionEnd || reader.IsShort)
            {
                break;
            }

            switch (option)
            {
                case OptionHostName:
                    hostName = value.TrimEnd((byte)0);
                    break;
                case OptionFullName when value.Length > 3:
                    fullName = FullName(value);
                    break;
                case OptionRequested when value.Length == 4:
                    requested = value;
                    break;
                case OptionLease when value.Length == 4:
                    lease = BinaryPrimitives.ReadUInt32BigEndian(value);
                    break;
                case OptionType when value.Length == 1:
                    type = value[0];
                    break;
            }
        }

        ReadOnlySpan<byte> name = hostName.IsEmpty ? fullName : hostName;
        to.Add(NameField.DhcpHostName, name);
        Tell(name, type == TypeAck ? message.Slice(GivenAddressAt, 4)
            : type != TypeRequest ? []
            : requested.IsEmpty ? message.Slice(ClientAddressAt, 4)
            : requested, time, lease);
        return true;
    }

    private void Tell(ReadOnlySpan<byte> name, ReadOnlySpan<byte> address, long time, uint lease)
    {
        if (!name.IsEmpty && address.IndexOfAnyExcept((byte)0) >= 0)
        {
            answered?.Add(address, name, time, lease);
        }
    }

    /// <summary>The name of RFC 4702: behind flags and two codes, as text or as labels.</summary>
    private ReadOnlySpan<byte> FullName(ReadOnlySpan<byte> value)
    {
        const byte IsEncoded = 4;
        ReadOnlySpan<byte> name = value[3..];
        if ((value[0] & IsEncoded) == 0)
        {
            return name.TrimEnd((byte)0);
        }

        // A name without its last label of zero is relative, and common.
        int length = 0;
        ByteReader reader = new(name);
        while (!reader.IsAtEnd)
        {
            ReadOnlySpan<byte> label = reader.Take(reader.Byte());
            if (label.IsEmpty || reader.IsShort || length + label.Length + 1 > _name.Length)
            {
                break;
            }

            if (length > 0)
            {
                _name[length++] = (byte)'.';
            }

            label.CopyTo(_name.AsSpan(length));
            length += label.Length;
        }

        return _name.AsSpan(0, length);
    }
}
