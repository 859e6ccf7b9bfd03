using System.Buffers.Binary;
using System.Globalization;
using System.Net;
using System.Text;

namespace FlowMeter.Tests.Export.Ipfix;

/// <summary>
/// A plain reader of IPFIX (RFC 7011), made from the RFC alone: it knows the fields from the templates and the names from the records about
/// elements (RFC 5610), as a collector does.
/// </summary>
internal sealed class IpfixReader
{
    private const uint Reverse = 29305;
    private const int Options = 3;
    private const int ElementType = 346;

    private static readonly Dictionary<int, (string Name, int Type)> s_standard = new()
    {
        [1] = ("octetDeltaCount", 4),
        [2] = ("packetDeltaCount", 4),
        [4] = ("protocolIdentifier", 1),
        [7] = ("sourceTransportPort", 2),
        [8] = ("sourceAddress", 18),
        [11] = ("destinationTransportPort", 2),
        [12] = ("destinationAddress", 18),
        [27] = ("sourceAddress", 19),
        [28] = ("destinationAddress", 19),
        [136] = ("flowEndReason", 1),
        [152] = ("flowStartMilliseconds", 15),
        [153] = ("flowEndMilliseconds", 15),
        [156] = ("flowStart", 17),
        [157] = ("flowEnd", 17),
        [239] = ("biflowDirection", 1),
        [303] = ("id", 2),
        [339] = ("type", 1),
        [340] = ("description", 13),
        [341] = ("name", 13),
        [342] = ("begin", 4),
        [343] = ("end", 4),
        [344] = ("semantics", 1),
        [345] = ("units", 2),
        [ElementType] = ("enterprise", 3),
    };

    private readonly Dictionary<int, List<(uint Enterprise, int Number, int Length)>> _templates = [];
    private readonly Dictionary<(uint Enterprise, int Number), (string Name, int Type)> _elements = [];
    private readonly List<Dictionary<string, string>> _flows = [];
    private readonly bool _checksNumbers;
    private int _records;

    private IpfixReader(bool checksNumbers) => _checksNumbers = checksNumbers;

    /// <summary>The flows of some bytes: values by the names of their elements.</summary>
    /// <param name="file">Messages.</param>
    /// <param name="checksNumbers">Whether no record may be missing before any of them.</param>
    public static IReadOnlyList<Dictionary<string, string>> Flows(byte[] file, bool checksNumbers = true) =>
        Read(file, checksNumbers)._flows;

    private static IpfixReader Read(byte[] file, bool checksNumbers)
    {
        IpfixReader reader = new(checksNumbers);
        for (int at = 0; at < file.Length;)
        {
            int length = Number(file.AsSpan(at + 2, 2));
            reader.ReadMessage(file.AsSpan(at, length));
            at += length;
        }

        return reader;
    }

    private static int Number(ReadOnlySpan<byte> big) => BinaryPrimitives.ReadUInt16BigEndian(big);

    private static string Text(int type, ReadOnlySpan<byte> value) => type switch
    {
        1 => $"{value[0]}",
        2 => $"{Number(value)}",
        3 => $"{BinaryPrimitives.ReadUInt32BigEndian(value)}",
        4 or 15 => $"{BinaryPrimitives.ReadUInt64BigEndian(value)}",
        10 => BinaryPrimitives.ReadDoubleBigEndian(value).ToString("R", CultureInfo.InvariantCulture),
        13 => Encoding.UTF8.GetString(value),
        17 => Time(BinaryPrimitives.ReadUInt32BigEndian(value), BinaryPrimitives.ReadUInt32BigEndian(value[4..])),
        18 or 19 => new IPAddress(value).ToString(),
        _ => throw new InvalidDataException($"type {type}"),
    };

    private static string Time(uint seconds, uint fraction)
    {
        DateTime whole = new DateTime(1900, 1, 1, 0, 0, 0, DateTimeKind.Utc).AddSeconds(seconds);
        ulong nanoseconds = (ulong)(((UInt128)fraction * 1_000_000_000) >> 32);
        return string.Create(CultureInfo.InvariantCulture, $"{whole:yyyy-MM-ddTHH:mm:ss}.{nanoseconds:d9}Z");
    }

    private void ReadMessage(ReadOnlySpan<byte> message)
    {
        Assert.Equal(10, Number(message));
        Assert.True(!_checksNumbers || (uint)_records == BinaryPrimitives.ReadUInt32BigEndian(message[8..]));
        for (int at = 16; at < message.Length;)
        {
            int length = Number(message[(at + 2)..]);
            ReadSet(Number(message[at..]), message.Slice(at + 4, length - 4));
            at += length;
        }
    }

    private void ReadSet(int number, ReadOnlySpan<byte> content)
    {
        if (number <= Options)
        {
            ReadTemplate(content, number == Options ? 6 : 4);
            return;
        }

        List<(uint Enterprise, int Number, int Length)> template = _templates[number];
        while (content.Length > 0)
        {
            Dictionary<string, string> record = ReadRecord(template, ref content);
            _records++;
            if (template[0].Number == ElementType)
            {
                // They may come again.
                uint enterprise = uint.Parse(record["enterprise"], CultureInfo.InvariantCulture);
                int id = int.Parse(record["id"], CultureInfo.InvariantCulture);
                _elements[(enterprise, id)] = (record["name"], int.Parse(record["type"], CultureInfo.InvariantCulture));
            }
            else
            {
                _flows.Add(record);
            }
        }
    }

    private void ReadTemplate(ReadOnlySpan<byte> template, int at)
    {
        List<(uint Enterprise, int Number, int Length)> fields = [];
        _templates[Number(template)] = fields;
        for (int left = Number(template[2..]); left > 0; left--)
        {
            int element = Number(template[at..]);
            bool hasEnterprise = element >= 0x8000;
            fields.Add((
                hasEnterprise ? BinaryPrimitives.ReadUInt32BigEndian(template[(at + 4)..]) : 0, element & 0x7FFF,
                Number(template[(at + 2)..])));
            at += hasEnterprise ? 8 : 4;
        }

        Assert.Equal(template.Length, at);
    }

    private Dictionary<string, string> ReadRecord(List<(uint Enterprise, int Number, int Length)> template, ref ReadOnlySpan<byte> content)
    {
        Dictionary<string, string> record = [];
        foreach ((uint enterprise, int number, int fixedLength) in template)
        {
            int length = fixedLength;
            if (length == 0xFFFF)
            {
                length = content[0];
                content = content[1..];
                if (length == 255)
                {
                    length = Number(content);
                    content = content[2..];
                }
            }

            (string name, int type) = enterprise is 0 or Reverse ? s_standard[number] : _elements[(enterprise, number)];
            record.Add(enterprise == Reverse ? $"reverse {name}" : name, Text(type, content[..length]));
            content = content[length..];
        }

        return record;
    }
}
