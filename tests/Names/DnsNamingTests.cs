using System.Text;
using FlowMeter.Engine.Names;

namespace FlowMeter.Tests.Names;

/// <summary>Messages of DNS and its kin: the question, what became of it, and the addresses that are told.</summary>
public sealed class DnsNamingTests
{
    private static readonly byte[] s_pointer = [0xC0, 12];

    [Fact]
    public void A_question_and_its_answer_are_read()
    {
        AnswerList answers = new();
        using OneNamedFlow flow = new(protocol: 17, serverPort: 53, answers);
        flow.Send(Message(0x0100, Question("www.example.com", 28)));
        Assert.Equal("DNS", flow.Application);
        Assert.Equal("www.example.com", flow[NameField.DnsQuery]);
        Assert.Equal("AAAA", flow[NameField.DnsType]);
        Assert.Equal("", flow[NameField.DnsRcode]);
        byte[] alias = Record(s_pointer, 5, 60, Name("edge.example.net"));
        byte[] address = Record(Name("edge.example.net"), 1, 300, [192, 0, 2, 7]);
        byte[] other = Record(Name("edge.example.net"), 28, 9, [0x20, 1, 0xD, 0xB8, .. new byte[11], 5]);
        flow.Send(Message(0x8180, Question("www.example.com", 28), alias, address, other), isAnswer: true);
        Assert.Equal("NOERROR", flow[NameField.DnsRcode]);
        Assert.Equal(["192.0.2.7 www.example.com 300", "2001:db8::5 www.example.com 9"], answers.Lines);
    }

    [Theory]
    [InlineData(0x8183, "NXDOMAIN")]
    [InlineData(0x8182, "SERVFAIL")]
    [InlineData(0x8185, "REFUSED")]
    [InlineData(0x818F, "15")]
    public void What_became_of_a_question_has_a_name(int flags, string rcode)
    {
        using OneNamedFlow flow = new(protocol: 17, serverPort: 53);
        flow.Send(Message(flags, Question("x", 999)), isAnswer: true);
        Assert.Equal(rcode, flow[NameField.DnsRcode]);
        Assert.Equal("999", flow[NameField.DnsType]);
    }

    [Fact]
    public void Answers_of_multicast_name_their_owners()
    {
        AnswerList answers = new();
        using OneNamedFlow flow = new(protocol: 17, serverPort: 5353, answers) { ClientPort = 5353 };
        byte[] cached = Record(Name("printer.local"), 1, 120, [10, 0, 0, 9], category: 0x8001);
        flow.Send(Message(0x8400, null, Record(Name("_ipp._tcp.local"), 12, 120, Name("p")), cached));
        Assert.Equal("MDNS", flow.Application);
        Assert.Equal("", flow[NameField.DnsQuery]);
        Assert.Equal(["10.0.0.9 printer.local 120"], answers.Lines);
    }

    [Fact]
    public void Later_messages_of_a_flow_tell_addresses_too()
    {
        AnswerList answers = new();
        using OneNamedFlow flow = new(protocol: 17, serverPort: 5355, answers);
        for (int i = 0; i < DnsReader.MaxMessages + 5; i++)
        {
            flow.Send(Message(0x8000, Question($"h{i}", 1), Record(s_pointer, 1, 30, [10, 0, 0, (byte)i])), isAnswer: true);
        }

        Assert.Equal("LLMNR", flow.Application);
        Assert.Equal("h0", flow[NameField.DnsQuery]);
        Assert.Equal(DnsReader.MaxMessages, answers.Lines.Count);
        Assert.Equal("10.0.0.3 h3 30", answers.Lines[3]);
    }

    [Fact]
    public void A_message_tells_sixteen_addresses_at_most()
    {
        AnswerList answers = new();
        using OneNamedFlow flow = new(protocol: 17, serverPort: 53, answers);
        byte[][] records = [.. Enumerable.Range(0, 30).Select(i => Record(s_pointer, 1, 1, [10, 0, 0, (byte)i]))];
        flow.Send(Message(0x8180, Question("many", 1), records), isAnswer: true);
        Assert.Equal(16, answers.Lines.Count);
    }

    [Fact]
    public void Over_TCP_a_message_has_its_length_before_it()
    {
        byte[] message = TestHello.Prefixed(2, Message(0x0100, Question("www.example.com", 252)));
        for (int cut = 1; cut < message.Length; cut++)
        {
            using OneNamedFlow flow = new(protocol: 6, serverPort: 53);
            flow.Send(message.AsSpan(0, cut), 1).Send(message.AsSpan(cut), (uint)cut + 1);
            Assert.Equal("DNS", flow.Application);
            Assert.Equal("www.example.com", flow[NameField.DnsQuery]);
            Assert.Equal("AXFR", flow[NameField.DnsType]);
        }
    }

    [Fact]
    public void Names_go_on_only_further_up()
    {
        byte[] text = new byte[DnsName.MaxLength];
        byte[] circle = [1, (byte)'a', 0xC0, 0];
        int at = 0;
        Assert.False(DnsName.TryRead(circle, ref at, text, out _));
        byte[] forward = [0xC0, 2, 1, (byte)'a', 0];
        at = 0;
        Assert.False(DnsName.TryRead(forward, ref at, text, out _));
        byte[] back = [1, (byte)'b', 0, 1, (byte)'a', 0xC0, 0, 9];
        at = 3;
        Assert.True(DnsName.TryRead(back, ref at, text, out int length));
        Assert.Equal("a.b", Encoding.ASCII.GetString(text, 0, length));
        Assert.Equal(7, at);
        at = 2;
        Assert.True(DnsName.TryRead(back, ref at, text, out length));
        Assert.Equal(".", Encoding.ASCII.GetString(text, 0, length));
    }

    [Fact]
    public void The_longest_name_has_254_bytes_and_longer_ones_are_none()
    {
        byte[] text = new byte[DnsName.MaxLength];
        string longest = string.Join('.', Enumerable.Repeat(new string('x', 63), 3)) + "." + new string('y', 62);
        int at = 0;
        Assert.True(DnsName.TryRead(Name(longest), ref at, text, out int length));
        Assert.Equal(longest, Encoding.ASCII.GetString(text, 0, length));
        at = 0;
        Assert.False(DnsName.TryRead(Name(longest + ".z"), ref at, text, out _));
    }

    [Fact]
    public void A_cut_message_is_known_by_its_port_and_header()
    {
        byte[] message = Message(0x8183, Question("www.example.com", 1));
        using OneNamedFlow flow = new(protocol: 17, serverPort: 53);
        flow.Send(message.AsSpan(0, 20), isAnswer: true, length: message.Length);
        Assert.Equal("DNS", flow.Application);
        Assert.Equal("", flow[NameField.DnsQuery]);
        Assert.Equal("NXDOMAIN", flow[NameField.DnsRcode]);
        using OneNamedFlow other = new(protocol: 17, serverPort: 53);
        other.Send(message.AsSpan(0, 20), isAnswer: true);
        Assert.Equal("Unknown", other.Application);
    }

    /// <summary>But not that of a group, nor of a service that many hosts have.</summary>
    [Theory]
    [InlineData(0, 0, "192.168.1.5 WORKSTATION 300")]
    [InlineData(0x80, 0, "")]
    [InlineData(0, 0x1E, "")]
    public void A_host_that_registers_a_netbios_name_gets_it(byte flags, byte suffix, string line)
    {
        AnswerList answers = new();
        byte[] name = [32, .. Netbios("WORKSTATION", suffix), 0];
        byte[] data = [flags, 0, 192, 168, 1, 5];
        byte[] message = [0, 1, 0x29, 0x10, 0, 1, 0, 0, 0, 0, 0, 1, .. name, 0, 0x20, 0, 1, .. Record(s_pointer, 0x20, 300, data)];
        using OneNamedFlow flow = new(protocol: 17, serverPort: 137, answers) { ClientPort = 137 };
        flow.Send(message);
        Assert.Equal("NetBIOS", flow.Application);
        Assert.Equal("WORKSTATION", flow[NameField.NetbiosName]);
        Assert.Equal(line.Length == 0 ? [] : [line], answers.Lines);
    }

    [Fact]
    public void A_netbios_datagram_names_its_sender()
    {
        AnswerList answers = new();
        using OneNamedFlow flow = new(protocol: 17, serverPort: 138, answers) { ClientPort = 138 };
        flow.Send([0x11, 2, 0, 1, 10, 0, 0, 4, 0, 138, 0, 100, 0, 0, 32, .. Netbios("PC", 0x20), 0, 32, .. Netbios("GROUP", 0x1E), 0]);
        Assert.Equal("PC", flow[NameField.NetbiosName]);
        Assert.Equal(["10.0.0.4 PC 900"], answers.Lines);
    }

    [Theory]
    [InlineData(3, true, "10.0.0.50 laptop 86400")]
    [InlineData(3, false, "10.0.0.70 laptop 86400")]
    [InlineData(5, false, "10.0.0.60 laptop 3600")]
    [InlineData(1, true, "")]
    public void A_host_that_has_an_address_by_DHCP_gets_its_name(byte type, bool isNew, string line)
    {
        AnswerList answers = new();
        byte[] lease = type == 5 ? [51, 4, 0, 0, 14, 16] : [];
        byte[] message =
        [
            (byte)(type == 5 ? 2 : 1), 1, 6, 0, .. new byte[8], 10, 0, 0, 70, 10, 0, 0, 60, .. new byte[216],
            0x63, 0x82, 0x53, 0x63, 0, 53, 1, type,
            12, 6, .. "laptop"u8, .. isNew ? (byte[])[50, 4, 10, 0, 0, 50] : [], .. lease, 255,
        ];
        using OneNamedFlow flow = new(protocol: 17, serverPort: 67, answers) { ClientPort = 68 };
        flow.Send(message, isAnswer: type == 5);
        Assert.Equal("DHCP", flow.Application);
        Assert.Equal("laptop", flow[NameField.DhcpHostName]);
        Assert.Equal(line.Length == 0 ? [] : [line], answers.Lines);
    }

    private static byte[] Name(string name) =>
        [.. name.Split('.').SelectMany(label => TestHello.Prefixed(1, Encoding.Latin1.GetBytes(label))), 0];

    private static byte[] Question(string name, ushort type) => [.. Name(name), (byte)(type >> 8), (byte)type, 0, 1];

    private static byte[] Record(byte[] owner, ushort type, int ttl, byte[] data, int category = 1) =>
    [
        .. owner, (byte)(type >> 8), (byte)type, (byte)(category >> 8), (byte)category, (byte)(ttl >> 24), (byte)(ttl >> 16),
        (byte)(ttl >> 8), (byte)ttl, .. TestHello.Prefixed(2, data),
    ];

    private static byte[] Message(int flags, byte[]? question, params byte[][] answers) =>
    [
        0, 7, (byte)(flags >> 8), (byte)flags, 0, (byte)(question == null ? 0 : 1), 0, (byte)answers.Length, 0, 0, 0, 0, .. question ?? [],
        .. answers.SelectMany(answer => answer),
    ];

    private static byte[] Netbios(string name, byte suffix) =>
        [.. Encoding.ASCII.GetBytes(name.PadRight(15)).Append(suffix)
            .SelectMany(value => (byte[])[(byte)('A' + (value >> 4)), (byte)('A' + (value & 15))])];
}
