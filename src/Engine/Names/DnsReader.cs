using System.Buffers.Binary;
using System.Buffers.Text;

namespace FlowMeter.Engine.Names;

/// <summary>
/// Reads messages of DNS (RFC 1035), multicast DNS (RFC 6762) and LLMNR (RFC 4795): the first question, its type, what became of it, and
/// the addresses that answers have, which name later flows.
/// </summary>
internal sealed class DnsReader(AnsweredNames? answered)
{
    /// <summary>Messages of a flow that are read in each direction: later ones tell addresses, too.</summary>
    public const int MaxMessages = 16;

    // Records of one message that are looked at, and addresses that are taken of it.
    private const int MaxRecords = 64;
    private const int MaxAddresses = 16;

    // Those that IANA has: query, inverse query, status, notification, update, stateful operations.
    private const uint Opcodes = 0b111_0111;

    private const int QuestionLength = 4;
    private const int RecordLength = 10;
    private const ushort TypeA = 1;
    private const ushort TypeAaaa = 28;
    private const ushort ClassInternet = 1;

    private readonly byte[] _name = new byte[DnsName.MaxLength];
    private readonly byte[] _owner = new byte[DnsName.MaxLength];

    /// <summary>Reads a message.</summary>
    /// <param name="to">Where names go.</param>
    /// <param name="message">The message, as far as it was captured.</param>
    /// <param name="isWhole">Whether that is all of it.</param>
    /// <param name="application">What the port says it is: one of the three.</param>
    /// <param name="time">When it was captured, ns since 1970.</param>
    /// <returns>False where it is no such message.</returns>
    public bool TryRead(in FlowNaming to, ReadOnlySpan<byte> message, bool isWhole, Application application, long time)
    {
        if (message.Length < DnsHeader.Length)
        {
            return false;
        }

        DnsHeader header = new(message);
        bool isHeaderAlone = header.IsAnswer && message.Length == DnsHeader.Length;
        bool isEmpty = header.Questions + header.Answers + header.Others == 0;
        if (((Opcodes >> header.Opcode) & 1) == 0 || (isEmpty && !isHeaderAlone) || header.Questions > MaxRecords)
        {
            return false;
        }

        int at = DnsHeader.Length;
        int length = 0;
        bool hasQuestion = header.Questions > 0;
        bool isCut = hasQuestion && (!DnsName.TryRead(message, ref at, _name, out length) || at + QuestionLength > message.Length);
        if (isCut && isWhole)
        {
            // Another protocol at the port of DNS.
            return false;
        }

        to.Is(application);
        if (hasQuestion && !isCut)
        {
            to.Add(NameField.DnsQuery, _name.AsSpan(0, length));
            AddType(in to, BinaryPrimitives.ReadUInt16BigEndian(message[at..]));
            at += QuestionLength;
        }

        if (header.IsAnswer)
        {
            AddRcode(in to, header.Rcode);
            if (answered != null && !isCut && TrySkipQuestions(message, ref at, header.Questions - 1))
            {
                // Later names of a chain of aliases belong to the one that was asked for.
                ReadOnlySpan<byte> asked = hasQuestion && application != Application.Mdns ? _name.AsSpan(0, length) : [];
                int count = header.Answers + (application == Application.Mdns ? header.Others : 0);
                ReadAnswers(answered, message, at, count, asked, time);
            }
        }

        return true;
    }

    private static bool TrySkipQuestions(ReadOnlySpan<byte> message, ref int at, int count)
    {
        for (int i = 0; i < count; i++)
        {
            if (!DnsName.TrySkip(message, ref at))
            {
                return false;
            }

            at += QuestionLength;
        }

        return at <= message.Length;
    }

    private void ReadAnswers(AnsweredNames into, ReadOnlySpan<byte> message, int at, int count, ReadOnlySpan<byte> asked, long time)
    {
        int addresses = 0;
        for (int i = 0; i < Math.Min(count, MaxRecords) && addresses < MaxAddresses; i++)
        {
            int owner = at;
            if (!DnsName.TrySkip(message, ref at) || at + RecordLength > message.Length)
            {
                return;
            }

            ushort type = BinaryPrimitives.ReadUInt16BigEndian(message[at..]);
            int category = BinaryPrimitives.ReadUInt16BigEndian(message[(at + 2)..]) & 0x7FFF;
            uint ttl = BinaryPrimitives.ReadUInt32BigEndian(message[(at + 4)..]);
            int length = BinaryPrimitives.ReadUInt16BigEndian(message[(at + 8)..]);
            at += RecordLength;
            if (at + length > message.Length)
            {
                return;
            }

            bool isAddress = category == ClassInternet && ((type == TypeA && length == 4) || (type == TypeAaaa && length == 16));
            if (isAddress)
            {
                ReadOnlySpan<byte> name = asked;
                if (name.IsEmpty && DnsName.TryRead(message, ref owner, _owner, out int ownerLength))
                {
                    name = _owner.AsSpan(0, ownerLength);
                }

                if (!name.IsEmpty)
                {
                    into.Add(message.Slice(at, length), name, time, ttl);
                    addresses++;
                }
            }

            at += length;
        }
    }

    private static void AddType(in FlowNaming to, ushort type)
    {
        ReadOnlySpan<byte> name = type switch
        {
            1 => "A"u8,
            2 => "NS"u8,
            5 => "CNAME"u8,
            6 => "SOA"u8,
            10 => "NULL"u8,
            12 => "PTR"u8,
            13 => "HINFO"u8,
            15 => "MX"u8,
            16 => "TXT"u8,
            28 => "AAAA"u8,
            33 => "SRV"u8,
            35 => "NAPTR"u8,
            43 => "DS"u8,
            46 => "RRSIG"u8,
            48 => "DNSKEY"u8,
            64 => "SVCB"u8,
            65 => "HTTPS"u8,
            251 => "IXFR"u8,
            252 => "AXFR"u8,
            255 => "ANY"u8,
            257 => "CAA"u8,
            _ => [],
        };
        AddNamedOrNumber(in to, NameField.DnsType, name, type);
    }

    private static void AddRcode(in FlowNaming to, int rcode)
    {
        ReadOnlySpan<byte> name = rcode switch
        {
            0 => "NOERROR"u8,
            1 => "FORMERR"u8,
            2 => "SERVFAIL"u8,
            3 => "NXDOMAIN"u8,
            4 => "NOTIMP"u8,
            5 => "REFUSED"u8,
            6 => "YXDOMAIN"u8,
            7 => "YXRRSET"u8,
            8 => "NXRRSET"u8,
            9 => "NOTAUTH"u8,
            10 => "NOTZONE"u8,
            _ => [],
        };
        AddNamedOrNumber(in to, NameField.DnsRcode, name, rcode);
    }

    private static void AddNamedOrNumber(in FlowNaming to, NameField field, ReadOnlySpan<byte> name, int number)
    {
        Span<byte> text = stackalloc byte[8];
        if (name.IsEmpty && Utf8Formatter.TryFormat(number, text, out int length))
        {
            to.Add(field, text[..length]);
            return;
        }

        to.Add(field, name);
    }
}
