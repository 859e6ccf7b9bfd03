using System.Runtime.Intrinsics;
using FlowMeter.Engine.Ciphers;
using FlowMeter.Engine.Names;

namespace FlowMeter.Tests.Names;

/// <summary>The first packets of QUIC are decrypted, and their ClientHello is read however it is cut.</summary>
public sealed class QuicNamingTests
{
    private const uint First = 1;
    private const uint Second = 0x6B33_43CF;

    private static readonly byte[] s_connection = [1, 2, 3, 4, 5, 6, 7, 8];
    private static readonly TestHello s_hello = new() { Protocols = ["h3"] };

    /// <summary>The keys of RFC 9001, appendix A.1, and of RFC 9369, appendix A.1.</summary>
    [Theory]
    [InlineData(First, "1f369613dd76d5467730efcbe3b1a22d", "9f50449e04a0e810283a1e9933adedd2", "fa044b2f42a3fd3b46fb255c")]
    [InlineData(Second, "8b1a0bc121284290a29e0971b5cd045d", "45b95e15235d6f45a6b19cbcb0294ba9", "91f73e2351d8fa91660e909f")]
    public void Keys_are_those_of_the_standard(uint version, string payload, string header, string nonce)
    {
        QuicKeys keys = new(version, Convert.FromHexString("8394c8f03e515708"));
        byte[] zero = new byte[AesGcm128.NonceLength];
        keys.WriteNonce(0, zero);
        Assert.Equal(nonce, Convert.ToHexStringLower(zero));
        Assert.Equal(new Aes128(Convert.FromHexString(payload)).Encrypt(Vector128<byte>.Zero), keys.Payload.Encrypt(Vector128<byte>.Zero));
        Assert.Equal(new Aes128(Convert.FromHexString(header)).Encrypt(Vector128<byte>.Zero), keys.Header.Encrypt(Vector128<byte>.Zero));
    }

    [Theory]
    [InlineData(First, 1)]
    [InlineData(First, 4)]
    [InlineData(Second, 2)]
    [InlineData(0xFF00_001D, 1)]
    public void A_hello_in_one_packet_is_read(uint version, int numberLength)
    {
        byte[] message = s_hello.Message();
        TestInitial initial = new(version, s_connection) { NumberLength = numberLength, Number = 0x21, Token = [7, 7, 7] };
        using OneNamedFlow flow = new(protocol: 17);
        flow.Send(initial.Packet(TestInitial.Crypto(message, 0, message.Length)));
        Named(flow);
        Assert.Equal("h3", flow[NameField.Alpn]);
    }

    [Fact]
    public void Frames_may_be_in_any_order_with_others_between()
    {
        byte[] message = s_hello.Message();
        int middle = message.Length / 2;
        byte[] ack = [2, 5, 0, 1, 0, 0, 0];
        byte[] counted = [3, 5, 0, 0, 0, 1, 2, 3];
        byte[] frames =
        [
            1, .. TestInitial.Crypto(message, middle, message.Length), 0, 0, .. ack, .. TestInitial.Crypto(message, 10, middle + 5), 1,
            .. counted, .. TestInitial.Crypto(message, 0, 10),
        ];
        using OneNamedFlow flow = new(protocol: 17);
        flow.Send(new TestInitial(First, s_connection).Packet(frames));
        Named(flow);
    }

    [Fact]
    public void A_hello_of_several_datagrams_is_read_in_any_order()
    {
        byte[] message = (s_hello with { Padding = 2500 }).Message();
        int[] cuts = [0, 1000, 2000, message.Length];
        foreach (int[] order in new int[][] { [0, 1, 2], [2, 1, 0], [1, 1, 2, 0] })
        {
            using OneNamedFlow flow = new(protocol: 17);
            foreach (int piece in order)
            {
                TestInitial initial = new(First, s_connection) { Number = (uint)piece };
                flow.Send(initial.Packet(TestInitial.Crypto(message, cuts[piece], cuts[piece + 1])));
            }

            Assert.Equal("www.example.com", flow[NameField.ServerName]);
            Assert.StartsWith("q13d0305h3_", flow[NameField.Ja4], StringComparison.Ordinal);
        }
    }

    /// <summary>By then the client sends to the identifier that the server chose; the keys stay those of its own.</summary>
    [Fact]
    public void A_later_packet_may_go_to_another_identifier()
    {
        byte[] message = (s_hello with { Padding = 1500 }).Message();
        using OneNamedFlow flow = new(protocol: 17);
        flow.Send(new TestInitial(First, s_connection).Packet(TestInitial.Crypto(message, 0, 1000)));
        TestInitial later = new(First, [8, 8, 8, 8, 8, 8, 8, 8]) { KeyConnection = s_connection, Number = 1 };
        flow.Send(later.Packet(TestInitial.Crypto(message, 1000, message.Length)));
        Assert.Equal("www.example.com", flow[NameField.ServerName]);
    }

    /// <summary>RFC 9001 §5.2: behind a Retry the keys are those of the server's identifier, and the hello is sent again.</summary>
    [Fact]
    public void Behind_a_retry_there_are_new_keys()
    {
        byte[] message = (s_hello with { Padding = 1500 }).Message();
        using OneNamedFlow flow = new(protocol: 17);
        flow.Send(new TestInitial(First, s_connection).Packet(TestInitial.Crypto(message, 0, 1000)));
        TestInitial again = new(First, [5, 5, 5, 5, 5, 5, 5, 5, 5]) { Token = [1, 2, 3] };
        flow.Send(again.Packet(TestInitial.Crypto(message, 0, 1000)));
        flow.Send((again with { Number = 1 }).Packet(TestInitial.Crypto(message, 1000, message.Length)));
        Assert.Equal("www.example.com", flow[NameField.ServerName]);
    }

    [Fact]
    public void Packets_that_share_a_datagram_are_all_read()
    {
        byte[] message = s_hello.Message();
        byte[] first = new TestInitial(First, s_connection).Packet(TestInitial.Crypto(message, 0, 50), isPadded: false);
        byte[] second = new TestInitial(First, s_connection) { Number = 1 }.Packet(TestInitial.Crypto(message, 50, message.Length));
        using OneNamedFlow flow = new(protocol: 17);
        flow.Send([.. first, .. second]);
        Named(flow);
    }

    [Fact]
    public void A_changed_or_cut_packet_names_nothing_but_the_protocol()
    {
        byte[] message = s_hello.Message();
        byte[] packet = new TestInitial(First, s_connection).Packet(TestInitial.Crypto(message, 0, message.Length));
        for (int i = 6; i < packet.Length; i += 31)
        {
            using OneNamedFlow flow = new(protocol: 17);
            byte[] changed = [.. packet];
            changed[i] ^= 4;
            flow.Send(changed);
            flow.Send(packet.AsSpan(0, i), length: packet.Length);
            Assert.Equal("", flow[NameField.ServerName]);
            Assert.True(i < 7 || flow.Application == "QUIC");
        }
    }

    /// <summary>
    /// Making keys costs as much as a hundred flows that nobody knows: nobody shall have it done in vain more than once for a direction.
    /// </summary>
    [Fact]
    public void Keys_are_made_once_for_a_flow()
    {
        byte[] message = s_hello.Message();
        byte[] hello = new TestInitial(First, s_connection).Packet(TestInitial.Crypto(message, 0, message.Length));
        byte[] answer = new TestInitial(First, [4, 4, 4, 4, 4, 4, 4, 4]).Packet([1]);
        using OneNamedFlow flow = new(protocol: 17);
        flow.Send(hello).Send(answer, isAnswer: true).Send(answer, isAnswer: true);
        Assert.Equal(1, flow.Reader.QuicKeysMade);
        Assert.True(flow.IsFinished);

        using OneNamedFlow hostile = new(protocol: 17);
        for (byte i = 0; i < 8; i++)
        {
            byte[] changed = new TestInitial(First, [i, 2, 3, 4, 5, 6, 7, 8]).Packet([1]);
            changed[^1] ^= 1;
            hostile.Send(changed);
        }

        Assert.Equal(1, hostile.Reader.QuicKeysMade);
    }

    [Fact]
    public void A_hello_whose_rest_never_comes_names_the_server_at_the_end()
    {
        byte[] message = (s_hello with { Padding = 2500 }).Message();
        using OneNamedFlow flow = new(protocol: 17);
        flow.Send(new TestInitial(First, s_connection).Packet(TestInitial.Crypto(message, 0, 1000)));
        flow.End();
        Assert.Equal("www.example.com", flow[NameField.ServerName]);
        Assert.Equal("", flow[NameField.Ja4]);
    }

    private static void Named(OneNamedFlow flow)
    {
        Assert.Equal("QUIC", flow.Application);
        Assert.Equal("www.example.com", flow[NameField.ServerName]);
        Assert.Equal("q13d0304h3_5559582ccdc4_ef5f37ab036a", flow[NameField.Ja4]);
    }
}
