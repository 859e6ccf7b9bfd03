using System.Text;
using FlowMeter.Engine.Flow;
using FlowMeter.Tests.Oracle;

namespace FlowMeter.Tests.Flow;

public sealed class PayloadRecognitionTests
{
    private const byte Tcp = 6;
    private const byte Udp = 17;

    public static TheoryData<string, int> Heads => new()
    {
        { "", 0 }, { "x", 1 }, { "hello", 1 }, { "\x16\x03\x01\x02\x00\x01", 2 }, { "\x17\x03\x03\x00\x20", 2 },
        { "\x16\x03\x05\x02\x00", 1 }, { "GET / HTTP/1.1\r\n", 3 }, { "POST /a HTTP/1.1\r\n", 4 }, { "HEAD / HTTP/1.0", 5 },
        { "OPTIONS * HTTP/1.1", 5 }, { "OPTIONS sip:x@y SIP/2.0", 14 }, { "HTTP/1.1 404", 6 }, { "SSH-2.0-OpenSSH", 7 },
        { "\0\0\0\x2F\xFFSMBr", 8 }, { "\0\0\0\x2F\xFESMB@", 9 }, { "\0\0\0\x2F\xFDSMB@", 9 }, { "220 mail ESMTP", 10 },
        { "220-welcome", 10 }, { "2200", 1 }, { "EHLO me", 11 }, { "USER anonymous", 11 }, { "\x05\x01\x00", 12 },
        { "\x05\x02\x00\x01", 12 }, { "\x05\x00", 12 }, { "\x04\x01\x00\x50\x0A\0\0\x01\0", 12 }, { "\x00\x5A\0\0\0\0\0\0", 12 },
        { "MZ\x90\0", 13 }, { "SIP/2.0 200 OK", 14 }, { "INVITE sip:bob@example.org SIP/2.0", 14 },
        { "\0\x0E\x12\x34\x01\0\0\x01\0\0\0\0\0\0\x01\x61", 15 }, { "\x03\0\0\x13\x0E\xE0\0\0\0\0\0", 16 },
        { "\x03\0\0\x13\x0E\xD0\0\0\0\0\0", 16 },
    };

    [Theory]
    [MemberData(nameof(Heads))]
    public void A_protocol_is_known_by_its_first_bytes(string head, int number)
    {
        Assert.Equal(number, (int)PayloadRecognition.Of(Encoding.Latin1.GetBytes(head), (uint)head.Length, Tcp));
        Assert.Equal(number, ReferenceProtocols.Of(new ReferencePayload(head.Length, 0, 0, false, head), Tcp));
    }

    [Fact]
    public void Every_cut_and_damage_is_recognised_as_the_reference_does()
    {
        Random random = new(4);
        foreach (string head in Heads.Select(row => (string)row[0]))
        {
            for (int trial = 0; trial < 300; trial++)
            {
                char[] damaged = head[..random.Next(head.Length + 1)].ToCharArray();
                if (damaged.Length > 0 && trial % 2 == 0)
                {
                    damaged[random.Next(damaged.Length)] = (char)random.Next(256);
                }

                string text = new(damaged);
                uint length = (uint)(text.Length + (random.Next(3) == 0 ? random.Next(100) : 0));
                byte protocol = random.Next(4) == 0 ? Udp : Tcp;
                Assert.Equal(
                    ReferenceProtocols.Of(new ReferencePayload(length, 0, 0, false, text), protocol),
                    (double)PayloadRecognition.Of(Encoding.Latin1.GetBytes(text), length, protocol));
            }
        }
    }
}
