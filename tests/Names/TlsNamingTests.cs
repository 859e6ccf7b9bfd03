using System.Text;
using FlowMeter.Engine.Names;

namespace FlowMeter.Tests.Names;

/// <summary>What a TLS client asks for is found however its message is cut, and nothing is found where it is not there.</summary>
public sealed class TlsNamingTests
{
    private const uint Start = 0xFFFF_FF00;

    private static readonly TestHello s_hello = new();

    /// <summary>With the SHA-256 of "1301,1302,c02b" and of "000d,002b_0403,0804" by another program.</summary>
    private const string Fingerprint = "t13d0304h2_5559582ccdc4_ef5f37ab036a";

    [Fact]
    public void A_hello_names_server_protocols_and_fingerprint()
    {
        using OneNamedFlow flow = new();
        flow.Send(s_hello.Records());
        Named(flow);
        Assert.Equal("h2,http/1.1", flow[NameField.Alpn]);
        Assert.Equal(1, flow.Reader.Named);
    }

    /// <summary>The sequence number passes its end in between.</summary>
    [Fact]
    public void A_hello_may_be_cut_at_any_byte_and_come_in_any_order()
    {
        byte[] bytes = s_hello.Records();
        for (int cut = 1; cut < bytes.Length; cut++)
        {
            foreach (bool isReversed in new[] { false, true })
            {
                using OneNamedFlow flow = new();
                flow.Send([], Start - 1, isSyn: true);
                (int From, int To)[] pieces = isReversed ? [(cut, bytes.Length), (0, cut)] : [(0, cut), (cut, bytes.Length)];
                foreach ((int from, int to) in pieces)
                {
                    flow.Send(bytes.AsSpan(from, to - from), Start + (uint)from);
                }

                Named(flow);
            }
        }
    }

    [Fact]
    public void A_hello_of_four_packets_is_put_in_order()
    {
        byte[] bytes = (s_hello with { Padding = 1500 }).Records(700);
        int[] cuts = [0, 100, 900, 901, bytes.Length];
        foreach (int[] order in new int[][] { [0, 1, 2, 3], [3, 2, 1, 0], [2, 0, 3, 1], [1, 1, 1, 0, 3, 2] })
        {
            using OneNamedFlow flow = new();
            flow.Send([], Start - 1, isSyn: true);
            foreach (int piece in order)
            {
                flow.Send(bytes.AsSpan(cuts[piece]..cuts[piece + 1]), Start + (uint)cuts[piece]);
            }

            Assert.Equal("www.example.com", flow[NameField.ServerName]);
            Assert.StartsWith("t13d0305h2_5559582ccdc4_", flow[NameField.Ja4], StringComparison.Ordinal);
        }
    }

    [Fact]
    public void A_hello_may_be_in_many_records()
    {
        for (int size = 1; size < 60; size++)
        {
            using OneNamedFlow flow = new();
            byte[] bytes = s_hello.Records(size);
            for (int at = 0; at < bytes.Length; at += 1400)
            {
                flow.Send(bytes.AsSpan(at, Math.Min(1400, bytes.Length - at)), Start + (uint)at);
            }

            Named(flow);
        }
    }

    [Fact]
    public void Without_a_SYN_an_older_packet_is_the_beginning()
    {
        byte[] bytes = s_hello.Records();
        using OneNamedFlow flow = new();
        flow.Send(bytes.AsSpan(4), Start + 4);
        flow.Send(bytes, Start);
        Named(flow);
    }

    [Fact]
    public void What_was_not_captured_is_not_made_up()
    {
        byte[] bytes = s_hello.Records();
        for (int captured = 0; captured < bytes.Length; captured++)
        {
            using OneNamedFlow flow = new();
            flow.Send(bytes.AsSpan(0, captured), Start, length: bytes.Length);
            Assert.Equal("", flow[NameField.Ja4]);
            Assert.Contains(flow[NameField.ServerName], new[] { "", "www.example.com" });
            Assert.Equal(captured > 5 ? "TLS" : "Unknown", flow.Application);
        }
    }

    [Fact]
    public void A_hello_whose_rest_never_comes_names_the_server_at_the_end()
    {
        byte[] bytes = (s_hello with { Padding = 3000 }).Records();
        using OneNamedFlow flow = new();
        flow.Send(bytes.AsSpan(0, 1400), Start);
        Assert.Equal("", flow[NameField.ServerName]);
        flow.End();
        Assert.Equal("www.example.com", flow[NameField.ServerName]);
        Assert.Equal("", flow[NameField.Ja4]);
    }

    /// <summary>Memory for two: the flow that waited longest is named by nobody, and that is counted.</summary>
    [Fact]
    public void A_flow_whose_bytes_were_given_up_has_no_names_and_does_no_harm()
    {
        byte[] bytes = s_hello.Records();
        using OneNamedFlow first = new(streams: 2);
        OneNamedFlow[] flows = [first, new(sharing: first), new(sharing: first)];
        Array.ForEach(flows, flow => flow.Send(bytes.AsSpan(0, 60), Start));
        Assert.Equal(2, first.Reader.Waiting);
        Array.ForEach(flows, flow => flow.Send(bytes.AsSpan(60), Start + 60));
        Assert.Equal("TLS", first.Application);
        Assert.Equal("", first[NameField.ServerName]);
        Assert.All(flows[1..], Named);
        Assert.Equal(1, first.Reader.StreamsTakenAway);
        Assert.Equal(0, first.Reader.Waiting);
        Array.ForEach(flows[1..], flow => flow.Dispose());
    }

    [Theory]
    [InlineData(null, "t13i0303h2_5559582ccdc4_ef5f37ab036a")]
    [InlineData("", "t13d0304h2_5559582ccdc4_ef5f37ab036a")]
    public void A_client_may_name_no_server(string? name, string fingerprint)
    {
        using OneNamedFlow flow = new();
        flow.Send((s_hello with { ServerName = name }).Records(), Start);
        Assert.Equal("", flow[NameField.ServerName]);
        Assert.Equal(fingerprint, flow[NameField.Ja4]);
    }

    [Fact]
    public void An_encrypted_message_is_no_hello()
    {
        byte[] bytes = s_hello.Records();
        bytes[9] = 0x87;
        using OneNamedFlow flow = new();
        flow.Send(bytes, Start);
        Assert.Equal("TLS", flow.Application);
        Assert.Equal("", flow[NameField.ServerName]);
    }

    /// <summary>The examples of the description of JA4.</summary>
    [Theory]
    [InlineData("AB", "ab")]
    [InlineData("ABCD", "ad")]
    [InlineData("30AB", "3b")]
    [InlineData("3031ABCD", "3d")]
    [InlineData("30ABCD31", "01")]
    [InlineData("68", "hh")]
    [InlineData("687474702F312E31", "h1")]
    [InlineData("", "00")]
    public void The_first_protocol_has_two_characters_in_a_fingerprint(string protocol, string characters)
    {
        using OneNamedFlow flow = new();
        string text = Encoding.Latin1.GetString(Convert.FromHexString(protocol));
        flow.Send((s_hello with { Protocols = [text] }).Records(), Start);
        Assert.Equal(characters, flow[NameField.Ja4].Substring(8, 2));
    }

    [Fact]
    public void Values_of_grease_do_not_change_a_fingerprint()
    {
        using OneNamedFlow flow = new();
        flow.Send((s_hello with { Suites = [0x4A4A, .. s_hello.Suites], Versions = [0xFAFA, .. s_hello.Versions] }).Records(), Start);
        Assert.Equal(Fingerprint, flow[NameField.Ja4]);
    }

    [Fact]
    public void A_fingerprint_is_the_same_whether_its_lists_were_seen_before_or_are_too_long_to_keep()
    {
        using OneNamedFlow first = new();
        ushort[] many = [.. Enumerable.Range(0x1000, 300).Select(i => (ushort)i).Where(value => (value & 0x0F0F) != 0x0A0A)];
        foreach (ushort[] suites in new[] { s_hello.Suites, many })
        {
            List<string> seen = [];
            for (int i = 0; i < 3; i++)
            {
                using OneNamedFlow flow = new(sharing: first);
                flow.Send((s_hello with { Suites = suites }).Records(), Start);
                seen.Add(flow[NameField.Ja4]);
            }

            Assert.NotEqual("", seen[0]);
            Assert.Single(seen.Distinct());
        }
    }

    /// <summary>Ten times as many lists as places, most of them alike but for one value or for where the second list begins.</summary>
    [Fact]
    public void Hashes_that_are_kept_are_those_of_their_lists()
    {
        Ja4Hashes kept = new();
        byte[] expected = new byte[Ja4Hashes.Length];
        byte[] actual = new byte[Ja4Hashes.Length];
        for (int round = 0; round < 2; round++)
        {
            for (int i = 0; i < 2560; i++)
            {
                ushort[] values = [0x1301, (ushort)(i / 4), 0x1303];
                int split = 1 + (i % 3);
                new Ja4Hashes().Write(values, split, expected);
                kept.Write(values, split, actual);
                Assert.Equal(expected, actual);
            }
        }
    }

    [Fact]
    public void Too_many_values_give_no_fingerprint()
    {
        using OneNamedFlow flow = new();
        byte[] bytes = (s_hello with { Suites = [.. Enumerable.Range(1, Ja4.MaxValues + 100).Select(i => (ushort)i)] }).Records();
        flow.Send(bytes, Start);
        Assert.Equal("www.example.com", flow[NameField.ServerName]);
        Assert.Equal("", flow[NameField.Ja4]);
    }

    [Fact]
    public void The_server_says_the_version()
    {
        byte[] extension = [0, 43, 0, 2, 3, 4];
        byte[] body = [3, 3, .. new byte[32], 0, 0x13, 1, 0, .. TestHello.Prefixed(2, extension)];
        byte[] message = [2, .. TestHello.Prefixed(3, body)];
        using OneNamedFlow flow = new();
        flow.Send(s_hello.Records(), Start);
        flow.Send([22, 3, 3, .. TestHello.Prefixed(2, message)], 7, isAnswer: true);
        Assert.Equal("TLSv1.3", flow[NameField.TlsVersion]);
        Assert.True(flow.IsFinished);
    }

    /// <summary>SOCKS 5: method, answer, destination, answer, then TLS.</summary>
    [Fact]
    public void TLS_behind_a_proxy_is_read()
    {
        using OneNamedFlow flow = new(serverPort: 1080);
        flow.Send([5, 1, 0], 1).Send([5, 0], 1, isAnswer: true);
        flow.Send([5, 1, 0, 1, 192, 0, 2, 1, 1, 187], 4).Send([5, 0, 0, 1, 0, 0, 0, 0, 0, 0], 3, isAnswer: true);
        byte[] bytes = s_hello.Records();
        flow.Send(bytes.AsSpan(0, 50), 14).Send(bytes.AsSpan(50), 64);
        Assert.Equal("SOCKS", flow.Application);
        Assert.Equal("www.example.com", flow[NameField.ServerName]);
        Assert.Equal(Fingerprint, flow[NameField.Ja4]);
    }

    /// <summary>A command of a protocol that nobody knows, as STARTTLS is.</summary>
    [Fact]
    public void TLS_behind_text_is_read()
    {
        using OneNamedFlow flow = new(serverPort: 9999);
        flow.Send([], 0, isSyn: true).Send("STLS please\n", 1).Send(s_hello.Records(), 13);
        Named(flow);
    }

    [Fact]
    public void DTLS_names_what_TLS_names()
    {
        byte[] message = (s_hello with { IsDatagram = true }).Message();
        byte[] whole = [.. message[..4], 0, 0, 0, 0, 0, .. message[1..4], .. message[4..]];
        using OneNamedFlow flow = new(protocol: 17);
        flow.Send([22, 0xFE, 0xFD, .. new byte[8], .. TestHello.Prefixed(2, whole)]);
        Assert.Equal("DTLS", flow.Application);
        Assert.Equal("www.example.com", flow[NameField.ServerName]);
        Assert.Equal("d" + Fingerprint[1..], flow[NameField.Ja4]);
    }

    private static void Named(OneNamedFlow flow)
    {
        Assert.Equal("TLS", flow.Application);
        Assert.Equal("www.example.com", flow[NameField.ServerName]);
        Assert.Equal(Fingerprint, flow[NameField.Ja4]);
    }
}
