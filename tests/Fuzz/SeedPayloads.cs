using System.Text;
using FlowMeter.Tests.Names;

namespace FlowMeter.Tests.Fuzz;

/// <summary>Those inputs of the corpus that are payloads of one flow.</summary>
internal static class SeedPayloads
{
    private static readonly byte[] s_hello = new TestHello { Padding = 40 }.Message();

    private static readonly byte[] s_netbios = [32, .. Encoding.ASCII.GetBytes("FAEDCACACACACACACACACACACACACAAA"), 0];
    private static readonly byte[] s_records = new TestHello().Records(90);

    public static IEnumerable<(string, byte[])> All =>
    [
        ("tls", Stream(443, (false, new TestHello().Records()))),
        ("tls-cut", Stream(443, (false, s_records[..80]), (false, s_records[80..]))),
        ("tls-server", Stream(443, (true, Hex("1603030036 02000032 0303" + new string('0', 64) + "00 1301 00 0006 002B00020304")))),
        ("dtls", Datagrams(9999, (false, Hex("16FEFD0000000000000000000C010000000000000000000000")))),
        ("quic", Frames((false, TestInitial.Crypto(s_hello, 0, s_hello.Length)))),
        ("quic-frames", Frames(
            (false, [.. TestInitial.Crypto(s_hello, 60, s_hello.Length), 1, 0, 0, 2, 5, 0, 1, 0, 0, 0]),
            (false, TestInitial.Crypto(s_hello, 0, 70)))),
        ("quic-header", Datagrams(443, (false, [.. Hex("C00000000108010203040506070800004496"), .. new byte[1200]]))),
        ("http", Stream(
            80, (false, Ascii("GET http://a/b HTTP/1.1\r\nUser-Agent: c\r\nHost: d\r\n\r\n")),
            (true, Ascii("HTTP/1.1 100 C\r\n\r\nHTTP/1.1 200 OK\r\n\r\n")))),
        ("ssh", Stream(22, (false, Ascii("SSH-2.0-a\r\n")), (true, Ascii("SSH-2.0-b\n")))),
        ("sip", Datagrams(5060, (false, Ascii("INVITE sip:a@b SIP/2.0\r\n")), (true, Ascii("SIP/2.0 200 OK\r\n")))),
        ("ssdp", Datagrams(1900, (false, Ascii("M-SEARCH * HTTP/1.1\r\nHOST: a\r\n\r\n")), (true, Ascii("HTTP/1.1 200 OK\r\n\r\n")))),
        ("dns", Datagrams(
            53, (false, Hex("000701000001000000000000 0377777701610000010001")),
            (true, Hex("000781800001000200000000 0377777701610000010001 C00C00050001000000090004 02656700"
                + "C01D00010001000000090004C0000207")))),
        ("dns-tcp", Stream(53, (false, Hex("0017 000701000001000000000000 0377777701610000010001")))),
        ("mdns", Datagrams(5353, (true, Hex("000084000000000100000000 016100 0001800100000078 00040A000009")))),
        ("netbios", Datagrams(
            137, (false, [.. Hex("000129100001000000000001"), .. s_netbios, .. Hex("00200001 C00C00200001000000FF0006 0000C0A80105")]))),
        ("netbios-datagram", Datagrams(138, (false, [.. Hex("110200010A000004008A00640000"), .. s_netbios]))),
        ("dhcp", Datagrams(
            67, (false, [1, 1, 6, 0, .. new byte[232], .. Hex("63825363 350103 320401020304 0C03616263 5108040000016106612E FF")]))),
        ("smb", Stream(
            445, (false, Hex("00000023FF534D427200000000")),
            (true, [.. Hex("00000080FE534D4240000000000000000000010001000000"), .. new byte[44], .. Hex("4100010011030000")]))),
        ("rdp", Stream(3389, (false, [.. Hex("0300002722E00000000000"), .. Ascii("Cookie: mstshash=a\r\n"), .. new byte[8]]))),
        ("socks", Stream(9999, (false, [5, 1, 0]), (true, [5, 0]), (false, s_records))),
        ("stun", Datagrams(9999, (false, Hex("000100002112A442000102030405060708090A0B")))),
        ("snmp", Datagrams(9999, (false, Hex("302602010104067075626C6963A019")))),
    ];

    private static byte[] Stream(ushort port, params (bool IsAnswer, byte[] Bytes)[] packets) =>
        PayloadTarget.BytesOf(isDatagram: false, hasKeys: false, port, packets);

    private static byte[] Datagrams(ushort port, params (bool IsAnswer, byte[] Bytes)[] packets) =>
        PayloadTarget.BytesOf(isDatagram: true, hasKeys: false, port, packets);

    private static byte[] Frames(params (bool IsAnswer, byte[] Bytes)[] packets) =>
        PayloadTarget.BytesOf(isDatagram: true, hasKeys: true, 443, packets);

    private static byte[] Ascii(string text) => Encoding.ASCII.GetBytes(text);

    private static byte[] Hex(string digits) => Convert.FromHexString(digits.Replace(" ", "", StringComparison.Ordinal));
}
