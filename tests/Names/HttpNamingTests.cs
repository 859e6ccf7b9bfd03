using FlowMeter.Engine.Names;

namespace FlowMeter.Tests.Names;

/// <summary>Heads of HTTP/1: host, method, status and user agent, however they are cut.</summary>
public sealed class HttpNamingTests
{
    private const string Request = "GET /a?b=c HTTP/1.1\r\nAccept: */*\r\nhost: \twww.example.com \r\nUser-Agent: curl/8.5\r\nX: y\r\n\r\n";

    [Fact]
    public void A_request_and_its_answer_are_read()
    {
        using OneNamedFlow flow = new(serverPort: 8000);
        flow.Send(Request, 1).Send("HTTP/1.1 404 Not Found\r\n\r\n", 1, isAnswer: true);
        Named(flow);
        Assert.Equal("404", flow[NameField.HttpStatus]);
        Assert.True(flow.IsFinished);
    }

    [Fact]
    public void A_head_may_be_cut_at_any_byte_and_come_in_any_order()
    {
        for (int cut = 1; cut < Request.Length; cut++)
        {
            foreach (bool isReversed in new[] { false, true })
            {
                using OneNamedFlow flow = new(serverPort: 80);
                flow.Send([], 0, isSyn: true);
                foreach (bool isFirst in isReversed ? new[] { false, true } : [true, false])
                {
                    flow.Send(isFirst ? Request[..cut] : Request[cut..], isFirst ? 1 : (uint)cut + 1);
                }

                Named(flow);
            }
        }
    }

    [Fact]
    public void A_status_may_be_cut_at_any_byte()
    {
        const string Answer = "HTTP/1.1 301 Moved\r\n";
        for (int cut = 1; cut < Answer.Length; cut++)
        {
            using OneNamedFlow flow = new(serverPort: 80);
            flow.Send(Answer[..cut], 1, isAnswer: true).Send(Answer[cut..], (uint)cut + 1, isAnswer: true);
            Assert.Equal("301", flow[NameField.HttpStatus]);
        }
    }

    [Fact]
    public void What_was_captured_of_a_line_is_no_name()
    {
        using OneNamedFlow flow = new(serverPort: 80);
        flow.Send("GET / HTTP/1.1\r\nUser-Agent: curl\r\nHost: www.exam"u8, length: 100);
        Assert.Equal("curl", flow[NameField.UserAgent]);
        Assert.Equal("", flow[NameField.HttpHost]);
        Assert.Equal("HTTP", flow.Application);
    }

    [Theory]
    [InlineData("CONNECT example.com:443 HTTP/1.1\r\n\r\n", "HTTP_Connect", "example.com:443", "CONNECT")]
    [InlineData("GET http://example.com/a HTTP/1.1\r\n\r\n", "HTTP_Proxy", "example.com", "GET")]
    [InlineData("GET http://example.com HTTP/1.1\r\nHost: other.com\r\n\r\n", "HTTP_Proxy", "other.com", "GET")]
    [InlineData("GET http://me:secret@example.com?a@b HTTP/1.1\r\n\r\n", "HTTP_Proxy", "example.com", "GET")]
    [InlineData("GET /\r\n", "HTTP", "", "GET")]
    [InlineData("M-SEARCH * HTTP/1.1\r\nHOST: 239.255.255.250:1900\r\n\r\n", "HTTP", "239.255.255.250:1900", "M-SEARCH")]
    [InlineData("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", "HTTP", "", "PRI")]
    [InlineData("VERSION-CONTROL /a HTTP/1.1\r\nHost: x\nUser-Agent: y\n\n", "HTTP", "x", "VERSION-CONTROL")]
    [InlineData("GETTING STARTED\r\n", "Unknown", "", "")]
    [InlineData("get / HTTP/1.1\r\n\r\n", "Unknown", "", "")]
    public void Requests_come_in_several_forms(string text, string application, string host, string method)
    {
        using OneNamedFlow flow = new(serverPort: 8000);
        flow.Send(text, 1).End();
        Assert.Equal(application, flow.Application);
        Assert.Equal(host, flow[NameField.HttpHost]);
        Assert.Equal(method, flow[NameField.HttpMethod]);
    }

    [Theory]
    [InlineData("HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 201 Created\r\n\r\n", "", "201")]
    [InlineData("HTTP/1.1 100 Continue\r\n\r\n", "HTTP/1.1 500 No\r\n\r\n", "500")]
    [InlineData("HTTP/1.1 101 Switching Protocols\r\n\r\n", "HTTP/1.1 200 OK\r\n\r\n", "101")]
    [InlineData("HTTP/1.1 200 OK\r\n\r\n", "HTTP/1.1 404 No\r\n\r\n", "200")]
    [InlineData("HTTP/1.0 2x0 OK\r\n\r\n", "", "")]
    public void The_first_final_status_counts(string first, string second, string status)
    {
        using OneNamedFlow flow = new(serverPort: 80);
        flow.Send(Request, 1).Send(first, 1, isAnswer: true).Send(second, 1 + (uint)first.Length, isAnswer: true);
        Assert.Equal(status, flow[NameField.HttpStatus]);
    }

    [Fact]
    public void A_request_in_a_tunnel_names_what_it_asks_for()
    {
        using OneNamedFlow flow = new(serverPort: 1080);
        flow.Send([4, 1, 0, 80, 0, 0, 0, 1, 0, .. "h\0"u8], 1).Send([0, 0x5A, 0, 0, 0, 0, 0, 0], 1, isAnswer: true);
        flow.Send(Request, 12).Send("HTTP/1.1 200 OK\r\n\r\n", 9, isAnswer: true);
        Assert.Equal("SOCKS", flow.Application);
        Assert.Equal("www.example.com", flow[NameField.HttpHost]);
        Assert.Equal("200", flow[NameField.HttpStatus]);
    }

    /// <summary>A probe that keeps a connection alive is all that was seen of what came before.</summary>
    [Fact]
    public void A_request_in_a_connection_that_began_before_the_capture_is_read()
    {
        using OneNamedFlow flow = new(serverPort: 80);
        flow.Send([0], 1).Send(Request, 2);
        Named(flow);
        using OneNamedFlow whole = new(serverPort: 80);
        whole.Send([], 0, isSyn: true).Send([0], 1).Send(Request, 2);
        Assert.Equal("Unknown", whole.Application);
    }

    /// <summary>Its last line looks like a request of its own, and waits for the rest.</summary>
    [Fact]
    public void Without_a_SYN_an_older_packet_is_the_beginning()
    {
        const string Before = "POST / HTTP/1.1\r\nHost: www.example.com\r\nUser-Agent: x\r\nReferer: ";
        using OneNamedFlow flow = new(serverPort: 80);
        flow.Send("GET /some", 1000).Send(Before, 1000 - (uint)Before.Length);
        Assert.Equal("www.example.com", flow[NameField.HttpHost]);
    }

    private static void Named(OneNamedFlow flow)
    {
        Assert.Equal("HTTP", flow.Application);
        Assert.Equal("www.example.com", flow[NameField.HttpHost]);
        Assert.Equal("GET", flow[NameField.HttpMethod]);
        Assert.Equal("curl/8.5", flow[NameField.UserAgent]);
    }
}
