using System.Buffers.Binary;
using System.Text;

namespace FlowMeter.Engine.Export;

/// <summary>
/// What stands before the first flow: a record about each element that is not IANA's (RFC 5610), then the templates, since libfixbuf gives
/// fields their names as it reads a template. It knows such records only if all nine fields of RFC 5610 are there.
/// </summary>
internal static class IpfixSchema
{
    // Begin and end, both 0.
    private static readonly byte[] NoRange = new byte[16];

    /// <summary>The messages, numbered.</summary>
    public static byte[] Header(TableSchema schema)
    {
        IReadOnlyList<IpfixColumn> columns = IpfixColumn.Of(schema);
        List<byte> header = [];
        List<byte[]> sets = [SetOf(IpfixMessage.OptionsTemplates, TypeTemplate())];
        foreach (IpfixColumn column in columns)
        {
            byte[] set = SetOf(IpfixMessage.ElementType, TypeRecord(column));
            if (sets.Sum(other => other.Length) + set.Length > schema.MaxMessage - IpfixMessage.Header)
            {
                AddMessage(header, sets);
                sets.Clear();
            }

            sets.Add(set);
        }

        AddMessage(header, sets);
        (IpfixElement[] v4, IpfixElement[] v6) = (StandardPart(4, schema.HasUniflows), StandardPart(6, schema.HasUniflows));
        AddMessage(header, [SetOf(IpfixMessage.Templates, Template(IpfixMessage.FlowV4, v4, columns))]);
        AddMessage(header, [SetOf(IpfixMessage.Templates, Template(IpfixMessage.FlowV6, v6, columns))]);
        if (schema.HasUniflows)
        {
            AddMessage(header, [
                SetOf(IpfixMessage.Templates, Template(IpfixMessage.BackV4, v4, [])),
                SetOf(IpfixMessage.Templates, Template(IpfixMessage.BackV6, v6, [])),
            ]);
        }

        byte[] messages = [.. header];
        schema.Messages.Number(messages);
        return messages;
    }

    /// <summary>
    /// The fields of every record, in order, as <see cref="IpfixSink"/> writes them. Times are there twice: collectors read milliseconds,
    /// and nanoseconds are exact.
    /// </summary>
    private static IpfixElement[] StandardPart(int version, bool isUniflow) =>
    [
        version == 4 ? IpfixElement.Standard(8, IpfixType.IPv4Address) : IpfixElement.Standard(27, IpfixType.IPv6Address),
        version == 4 ? IpfixElement.Standard(12, IpfixType.IPv4Address) : IpfixElement.Standard(28, IpfixType.IPv6Address),
        IpfixElement.Standard(7, IpfixType.Unsigned16), // sourceTransportPort
        IpfixElement.Standard(11, IpfixType.Unsigned16), // destinationTransportPort
        IpfixElement.Standard(4, IpfixType.Unsigned8), // protocolIdentifier
        IpfixElement.Standard(136, IpfixType.Unsigned8), // flowEndReason
        .. isUniflow ? [] : new[] { IpfixElement.Standard(239, IpfixType.Unsigned8) }, // biflowDirection
        IpfixElement.Standard(152, IpfixType.Milliseconds), // flowStartMilliseconds
        IpfixElement.Standard(153, IpfixType.Milliseconds), // flowEndMilliseconds
        IpfixElement.Standard(156, IpfixType.Nanoseconds), // flowStartNanoseconds
        IpfixElement.Standard(157, IpfixType.Nanoseconds), // flowEndNanoseconds
        IpfixElement.Standard(2, IpfixType.Unsigned64), // packetDeltaCount
        IpfixElement.Standard(1, IpfixType.Unsigned64), // octetDeltaCount
        .. isUniflow ? [] : new[] { Reverse(2), Reverse(1) },
    ];

    private static IpfixElement Reverse(ushort number) => new(IpfixElement.Reverse, number, IpfixType.Unsigned64);

    private static byte[] Template(ushort number, IpfixElement[] standard, IReadOnlyList<IpfixColumn> columns)
    {
        List<byte> template = [.. Big(number), .. Big((ushort)(standard.Length + columns.Count))];
        foreach (IpfixElement element in standard.Concat(columns.Select(column => column.Element)))
        {
            element.Specify(template);
        }

        return [.. template];
    }

    private static byte[] TypeTemplate()
    {
        List<byte> template = [.. Big(IpfixMessage.ElementType), .. Big(9), .. Big(2)];
        IpfixElement[] elements =
        [
            IpfixElement.Standard(346, IpfixType.Unsigned32), // privateEnterpriseNumber, scope
            IpfixElement.Standard(303, IpfixType.Unsigned16), // informationElementId, scope
            IpfixElement.Standard(339, IpfixType.Unsigned8), // informationElementDataType
            IpfixElement.Standard(344, IpfixType.Unsigned8), // informationElementSemantics
            IpfixElement.Standard(345, IpfixType.Unsigned16), // informationElementUnits
            IpfixElement.Standard(342, IpfixType.Unsigned64), // informationElementRangeBegin
            IpfixElement.Standard(343, IpfixType.Unsigned64), // informationElementRangeEnd
            IpfixElement.Standard(341, IpfixType.Text), // informationElementName
            IpfixElement.Standard(340, IpfixType.Text), // informationElementDescription
        ];
        Array.ForEach(elements, element => element.Specify(template));
        return [.. template];
    }

    private static byte[] TypeRecord(IpfixColumn column)
    {
        byte[] enterprise = new byte[4];
        BinaryPrimitives.WriteUInt32BigEndian(enterprise, column.Element.Enterprise);
        byte semantics = column.Element.Type == IpfixType.Text ? (byte)0 : (byte)1;
        return
        [
            .. enterprise, .. Big(column.Element.Number), (byte)column.Element.Type, semantics, .. Big(column.Units),
            .. NoRange, .. Sized(column.Column.Name), .. Sized(column.Column.Meaning),
        ];
    }

    /// <summary>A field of variable length (RFC 7011 §7).</summary>
    private static byte[] Sized(string text)
    {
        byte[] utf8 = Encoding.UTF8.GetBytes(text);
        return utf8.Length < 255 ? [(byte)utf8.Length, .. utf8] : [255, .. Big((ushort)utf8.Length), .. utf8];
    }

    private static byte[] SetOf(ushort number, byte[] content) =>
        [.. Big(number), .. Big((ushort)(IpfixMessage.SetHeader + content.Length)), .. content];

    private static void AddMessage(List<byte> to, List<byte[]> sets)
    {
        byte[] message = [.. new byte[IpfixMessage.Header], .. sets.SelectMany(set => set)];
        IpfixMessage.WriteHeader(message, exportTime: 0);
        to.AddRange(message);
    }

    private static byte[] Big(ushort value) => [(byte)(value >> 8), (byte)value];
}
