using System.Net;
using System.Net.Sockets;
using System.Text;
using FlowMeter.Cli.Http;

namespace FlowMeter.Tests.Cli.Http;

/// <summary>A connection by itself: what moves its deadline, and what it answers.</summary>
public sealed class HttpConnectionTests : IDisposable
{
    private const int LargestRequest = 8192;
    private const int Deadline = 1000;

    private readonly TestSite _site = new();
    private readonly Caller _caller;
    private readonly HttpConnection _connection;

    public HttpConnectionTests()
    {
        using Socket listener = HttpServer.Listen("--page", new IPEndPoint(IPAddress.Loopback, 0));
        _caller = new Caller((IPEndPoint)listener.LocalEndPoint!);
        listener.Blocking = true;
        Socket socket = listener.Accept();
        socket.Blocking = false;
        socket.SendBufferSize = 1 << 16;
        _connection = new HttpConnection(socket, Deadline, _site.Answer);
    }

    public void Dispose()
    {
        _connection.Dispose();
        _caller.Dispose();
    }

    [Fact]
    public async Task No_byte_of_a_request_or_an_answer_moves_the_deadline()
    {
        foreach (char c in "GET /large HTTP/1.1\r\n\r\n")
        {
            Assert.True(_connection.IsSilent);
            _caller.Say(c.ToString());
            Advance(SelectMode.SelectRead);
            Assert.Equal(Deadline, _connection.Deadline);
        }

        Assert.True(_connection.IsSending);
        Task<string> answer = Task.Run(() => _caller.Hear());
        while (_connection.IsSending)
        {
            Advance(SelectMode.SelectWrite);
            Assert.Equal(Deadline, _connection.Deadline);
        }

        Assert.EndsWith(TestSite.LargeEnd, await answer, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_stream_has_more_time_for_as_long_as_its_events_are_taken()
    {
        Ask("GET /events HTTP/1.1\r\n\r\n");
        long first = _connection.Deadline;
        Assert.True(first > Deadline);
        Assert.True(_connection.Offer(new byte[16 << 20]));
        long second = _connection.Deadline;
        Assert.True(second > first);
        Assert.True(_connection.IsSending);
        Assert.True(_connection.Offer("lost\n"u8.ToArray()));
        Assert.Equal(second, _connection.Deadline);
        Task<string> events = Task.Run(() => _caller.Hear("last\n"));
        while (_connection.IsSending)
        {
            Advance(SelectMode.SelectWrite);
        }

        Assert.True(_connection.Offer("last\n"u8.ToArray()));
        Assert.EndsWith("\0last\n", await events, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/")]
    [InlineData("/events")]
    [InlineData("/large")]
    [InlineData("/defect-is-not-here")]
    public void A_request_for_the_head_has_the_same_fields_and_nothing_behind_them(string path)
    {
        HttpAnswer answer = _site.Answer(HttpRequest.Parse(Encoding.ASCII.GetBytes($"GET {path} HTTP/1.1\r\n\r\n"))!);
        string get = Encoding.Latin1.GetString(answer.ToBytes(isHead: false));
        Ask($"HEAD {path} HTTP/1.1\r\n\r\n");
        Assert.False(_connection.IsStream);
        Assert.False(_connection.IsSending);
        Assert.Equal(Deadline, _connection.Deadline);
        Assert.Equal(get[..(get.IndexOf("\r\n\r\n", StringComparison.Ordinal) + 4)], _caller.Hear());
        Assert.Equal(!answer.IsStream, get.Contains($"\r\nContent-Length: {answer.Body.Length}\r\n", StringComparison.Ordinal));
        Assert.Contains("\r\nConnection: close\r\n", get, StringComparison.Ordinal);
        Assert.Contains("\r\nCache-Control: no-store\r\n", get, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("POST")]
    [InlineData("PUT")]
    [InlineData("DELETE")]
    [InlineData("OPTIONS")]
    [InlineData("TRACE")]
    [InlineData("CONNECT")]
    [InlineData("get")]
    [InlineData("GETS")]
    public void Another_method_is_refused_with_those_that_there_are(string method)
    {
        Ask($"{method} /large HTTP/1.1\r\nContent-Length: 3\r\n\r\nabc");
        string answer = _caller.Hear();
        Assert.StartsWith("HTTP/1.1 405 Method Not Allowed\r\n", answer, StringComparison.Ordinal);
        Assert.Contains("\r\nAllow: GET, HEAD\r\n", answer, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(LargestRequest, "GET /{0} HTTP/1.1\r\n\r\n", "404")]
    [InlineData(LargestRequest, "GET / HTTP/1.1\r\nA: {0}\r\n\r\n", "404")]
    [InlineData(LargestRequest + 1, "GET / HTTP/1.1\r\nA: {0}\r\n\r\n", "431")]
    [InlineData(LargestRequest + 1, "GET /{0} HTTP/1.1\r\n\r\n", "431")]
    [InlineData(LargestRequest, "{0}", "431")]
    [InlineData(LargestRequest + 100, "GET / HTTP/1.1\r\n\r\n{0}", "404")]
    public void A_request_is_eight_kibibytes_long_and_no_longer(int length, string format, string status)
    {
        string request = format.Replace("{0}", new string('a', length - format.Length + 3), StringComparison.Ordinal);
        Assert.Equal(length, request.Length);
        Ask(request);
        Assert.StartsWith($"HTTP/1.1 {status} ", _caller.Hear(), StringComparison.Ordinal);
    }

    /// <summary>Says a request, its last byte a little later, and goes on until it is answered.</summary>
    private void Ask(string request)
    {
        _caller.Say(request[..^1]);
        Advance(SelectMode.SelectRead);
        _caller.Say(request[^1..]);
        while (_connection.IsSilent)
        {
            Advance(SelectMode.SelectRead);
        }
    }

    private void Advance(SelectMode mode)
    {
        Assert.True(_connection.Socket.Poll(TimeSpan.FromMinutes(1), mode));
        Assert.True(_connection.Advance());
    }
}
