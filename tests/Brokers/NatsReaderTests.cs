using System.Text;
using FlowMeter.Engine.Brokers;

namespace FlowMeter.Tests.Brokers;

/// <summary>What a NATS server sends, in pieces of any size, and what it never would.</summary>
public sealed class NatsReaderTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(1000)]
    public void Lines_and_messages_come_out_as_they_were_sent(int piece)
    {
        NatsReader reader = ReaderOf(
            "INFO {}\r\nMSG a.b 1 5\r\nhello\r\nPING\r\nHMSG c 1 reply.to 24 26\r\nNATS/1.0 503\r\nA-B: c\r\n\r\nhi\r\n"
                + "MSG d 1 r 0\r\n\r\n+OK\r\n",
            piece);
        Assert.Equal("INFO {}", reader.Line());
        NatsMessage first = reader.Message(reader.Line())!.Value;
        Assert.Equal(("a.b", "", "hello", 0), (first.Subject, first.Reply, Text(first.Body), first.Status));
        string ping = reader.Line();
        Assert.Equal("PING", ping);
        Assert.Null(reader.Message(ping));
        NatsMessage second = reader.Message(reader.Line())!.Value;
        Assert.Equal(("c", "reply.to", "hi"), (second.Subject, second.Reply, Text(second.Body)));
        Assert.Equal((503, "c"), (second.Status, second.Value("a-b")));
        Assert.Null(second.Value("a"));
        NatsMessage third = reader.Message(reader.Line())!.Value;
        Assert.Equal(("d", "r", 0), (third.Subject, third.Reply, third.Body.Length));
        Assert.Equal("+OK", reader.Line());
        Assert.Throws<BrokerException>(reader.Line);
    }

    [Theory]
    [InlineData("MSG\r\n")]
    [InlineData("MSG a 1 -1\r\n")]
    [InlineData("MSG a 1 x\r\n")]
    [InlineData("MSG a 1 999999999999\r\n")]
    [InlineData("MSG a 1 b c 5\r\n")]
    [InlineData("HMSG a 1 9 5\r\n")]
    [InlineData("HMSG a 1 5\r\n")]
    public void What_no_server_sends_is_said(string bytes)
    {
        NatsReader reader = ReaderOf(bytes, 1000);
        string line = reader.Line();
        Assert.Contains("protocol", Assert.Throws<BrokerException>(() => reader.Message(line)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_line_without_an_end_takes_bounded_memory() =>
        Assert.Contains(
            "protocol", Assert.Throws<BrokerException>(ReaderOf(new string('x', 1 << 20), 5000).Line).Message, StringComparison.Ordinal);

    private static string Text(ReadOnlyMemory<byte> bytes) => Encoding.UTF8.GetString(bytes.Span);

    private static NatsReader ReaderOf(string text, int piece)
    {
        MemoryStream stream = new(Encoding.UTF8.GetBytes(text));
        return new NatsReader(buffer => stream.Read(buffer.Span[..Math.Min(piece, buffer.Length)]));
    }
}
