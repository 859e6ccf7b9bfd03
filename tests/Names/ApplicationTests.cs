using System.Text;
using FlowMeter.Engine.Names;

namespace FlowMeter.Tests.Names;

/// <summary>Protocols that are known by their first bytes.</summary>
public sealed class ApplicationTests
{
    [Theory]
    [InlineData("13426974546F7272656E742070726F746F636F6C", "BitTorrent")]
    [InlineData("FFFD18FFFD20", "Telnet")]
    [InlineData("050100", "SOCKS")]
    [InlineData("0401005042", "Unknown")]
    [InlineData("05000B03100000004800000001000000", "DCE_RPC")]
    [InlineData("FFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFF001D01", "BGP")]
    [InlineData("101400044D515454040200", "MQTT")]
    [InlineData("0000000804D2162F", "PostgreSQL")]
    [InlineData("8100004420434B4641", "NetBIOS")]
    [InlineData("802E0103010015", "TLS")]
    [InlineData("1503010002020A", "TLS")]
    [InlineData("300C020101600702010304008000", "LDAP")]
    [InlineData("30840000001002010163840000000704000A01000A0100", "LDAP")]
    [InlineData("300C0201010407020103040080", "Unknown")]
    [InlineData("3002", "Unknown")]
    [InlineData("1603", "Unknown")]
    [InlineData("00", "Unknown")]
    [InlineData("00000000000000000000", "Unknown")]
    public void Bytes_over_TCP_tell_the_protocol(string bytes, string application)
    {
        using OneNamedFlow flow = new(serverPort: 9999);
        flow.Send(Convert.FromHexString(bytes), 1);
        Assert.Equal(application, flow.Application);
    }

    [Theory]
    [InlineData("220 mail.example.com ESMTP Postfix\r\n", 25, "SMTP")]
    [InlineData("220 files\r\n", 21, "FTP_CONTROL")]
    [InlineData("220-FTP server\r\n", 2121, "FTP_CONTROL")]
    [InlineData("+OK ready\r\n", 110, "POP3")]
    [InlineData("* OK IMAP4rev1\r\n", 143, "IMAP")]
    [InlineData("EHLO client\r\n", 25, "SMTP")]
    [InlineData("USER anonymous\r\n", 21, "FTP_CONTROL")]
    [InlineData("USER guest 0 * :Guest\r\n", 6667, "IRC")]
    [InlineData("NICK someone\r\n", 6667, "IRC")]
    [InlineData("RFB 003.008\n", 5900, "VNC")]
    [InlineData("OPTIONS rtsp://example.com/a RTSP/1.0\r\n", 554, "RTSP")]
    [InlineData("OPTIONS sip:a@b SIP/2.0\r\n", 5060, "SIP")]
    [InlineData("*1\r\n$4\r\nPING\r\n", 6380, "Redis")]
    [InlineData("+OK\r\n", 6379, "Redis")]
    [InlineData("003agit-upload-pack /a\0host=b\0", 9418, "Git")]
    [InlineData("Hello there", 4000, "Unknown")]
    public void Text_over_TCP_tells_the_protocol(string text, ushort port, string application)
    {
        using OneNamedFlow flow = new(serverPort: port);
        flow.Send(text, 1);
        Assert.Equal(application, flow.Application);
    }

    [Theory]
    [InlineData("000100002112A442000102030405060708090A0B", 40_001, "STUN")]
    [InlineData("00010000000102030405060708090A0B0C0D0E0F", 3478, "STUN")]
    [InlineData("00010000000102030405060708090A0B0C0D0E0F", 40_001, "Unknown")]
    [InlineData("64313A6164323A696432303A", 6881, "BitTorrent")]
    [InlineData("00000417271019800000000000000001", 6969, "BitTorrent")]
    [InlineData("302602010104067075626C6963A019", 40_161, "SNMP")]
    [InlineData("303E020103301102047B2C1A0E020300FFE3", 40_161, "SNMP")]
    [InlineData("302602010204067075626C6963A019", 40_161, "Unknown")]
    [InlineData("C0000000010000000000", 443, "QUIC")]
    [InlineData("C0FF00001D0000000000", 443, "QUIC")]
    [InlineData("C01234567800000000", 443, "Unknown")]
    [InlineData("16", 443, "Unknown")]
    public void Datagrams_tell_the_protocol(string bytes, ushort port, string application)
    {
        using OneNamedFlow flow = new(protocol: 17, serverPort: port);
        flow.Send(Convert.FromHexString(bytes));
        Assert.Equal(application, flow.Application);
    }

    [Fact]
    public void Time_messages_are_known_at_their_port()
    {
        byte[] message = [0x23, .. new byte[47]];
        using OneNamedFlow flow = new(protocol: 17, serverPort: 123);
        Assert.Equal("NTP", flow.Send(message).Application);
        using OneNamedFlow other = new(protocol: 17, serverPort: 124);
        Assert.Equal("Unknown", other.Send(message).Application);
    }

    [Fact]
    public void A_search_for_devices_has_the_fields_of_HTTP()
    {
        using OneNamedFlow flow = new(protocol: 17, serverPort: 1900);
        flow.Send("M-SEARCH * HTTP/1.1\r\nHOST: 239.255.255.250:1900\r\nUSER-AGENT: Browser/1\r\n\r\n");
        Assert.Equal("SSDP", flow.Application);
        Assert.Equal("Browser/1", flow[NameField.UserAgent]);
    }

    [Fact]
    public void Both_ends_of_SSH_say_what_they_are()
    {
        using OneNamedFlow flow = new(serverPort: 2222);
        flow.Send("SSH-2.0-OpenSSH_9.9\r\n", 1, isAnswer: true).Send("SSH-2.0-", 1).Send("Go\r\n", 9);
        Assert.Equal("SSH", flow.Application);
        Assert.Equal("SSH-2.0-OpenSSH_9.9", flow[NameField.SshServer]);
        Assert.Equal("SSH-2.0-Go", flow[NameField.SshClient]);
        Assert.True(flow.IsFinished);
    }

    [Fact]
    public void A_line_of_SSH_that_is_never_ended_is_kept_at_the_end()
    {
        using OneNamedFlow flow = new(serverPort: 22);
        flow.Send("SSH-2.0-half", 1).End();
        Assert.Equal("SSH-2.0-half", flow[NameField.SshClient]);
    }

    [Fact]
    public void An_SMB_server_chooses_the_dialect()
    {
        byte[] old = [0, 0, 0, 35, 0xFF, .. "SMB"u8, 0x72, 0, 0, 0, 0, 0x18, .. new byte[25]];
        byte[] header = [0xFE, .. "SMB"u8, 64, 0, .. new byte[10], 1, 0, 0, 0, .. new byte[44]];
        byte[] answer = [0, 0, 0, 128, .. header, 65, 0, 1, 0, 0x11, 3, .. new byte[58]];
        using OneNamedFlow flow = new(serverPort: 445);
        flow.Send(old, 1);
        Assert.Equal("SMBv1", flow.Application);
        flow.Send(answer, 1, isAnswer: true);
        Assert.Equal("SMBv23", flow.Application);
        Assert.Equal("3.1.1", flow[NameField.SmbDialect]);
        Assert.Equal(1, flow.Reader.Named);
    }

    [Fact]
    public void A_remote_desktop_has_a_cookie()
    {
        byte[] cookie = Encoding.ASCII.GetBytes("Cookie: mstshash=alice\r\n");
        byte[] request = [3, 0, 0, (byte)(11 + cookie.Length), (byte)(6 + cookie.Length), 0xE0, 0, 0, 0, 0, 0, .. cookie];
        using OneNamedFlow flow = new(serverPort: 3389);
        flow.Send(request, 1);
        Assert.Equal("RDP", flow.Application);
        Assert.Equal("mstshash=alice", flow[NameField.RdpCookie]);
    }

    [Theory]
    [InlineData("INVITE sip:bob@example.com SIP/2.0\r\n", "INVITE")]
    [InlineData("SIP/2.0 180 Ringing\r\n", "180")]
    public void A_SIP_message_has_a_method_or_a_status(string text, string method)
    {
        using OneNamedFlow flow = new(protocol: 17, serverPort: 7000);
        flow.Send(text);
        Assert.Equal("SIP", flow.Application);
        Assert.Equal(method, flow[NameField.SipMethod]);
    }

    /// <summary>What is looked at is bounded, and costs nothing afterwards.</summary>
    [Theory]
    [InlineData(6)]
    [InlineData(17)]
    [InlineData(47)]
    public void A_flow_that_nobody_knows_is_given_up(byte protocol)
    {
        using OneNamedFlow flow = new(protocol, serverPort: 9999);
        for (uint i = 0; i < 4; i++)
        {
            flow.Send([0xAA, 1, 2, 3, 4, 5, 6, 7], i * 8).Send([0xBB, 1, 2, 3, 4, 5, 6, 7], i * 8, isAnswer: true);
        }

        Assert.True(flow.IsFinished);
        Assert.Equal("Unknown", flow.Application);
        Assert.Equal(0, flow.Arena.Taken);
    }
}
