using System.Net;
using System.Net.Sockets;
using System.Text;
using FlowMeter.Cli.Http;

namespace FlowMeter.Tests.Cli.Http;

/// <summary>Streams, and answers that fail.</summary>
public sealed class HttpServerTests : IDisposable
{
    private const int Streams = 3;

    private readonly TestSite _site = new();
    private readonly HttpServer _server;

    public HttpServerTests() => _server = new HttpServer(
        HttpServer.Listen("--page", new IPEndPoint(IPAddress.Loopback, 0)), _site, "test", places: 4, Streams);

    public void Dispose() => _server.Dispose();

    [Fact]
    public void A_stream_begins_at_once_and_goes_on_with_every_event()
    {
        using TcpClient viewer = View();
        Assert.EndsWith("\r\n\r\nfirst\n", ReadUntil(viewer, "first\n"), StringComparison.Ordinal);
        _site.Say("second\n");
        _site.Say("third\n");
        Assert.Equal("second\nthird\n", ReadUntil(viewer, "third\n"));
    }

    [Fact]
    public void One_viewer_too_many_is_told_so_and_a_place_that_is_left_is_free()
    {
        List<TcpClient> viewers = [.. Enumerable.Range(0, Streams).Select(_ => View())];
        viewers.ForEach(viewer => ReadUntil(viewer, "first\n"));
        using (TcpClient another = View())
        {
            string answer = ReadUntil(another, "look already");
            Assert.StartsWith("HTTP/1.1 503 ", answer, StringComparison.Ordinal);
            Assert.Contains("\r\nRetry-After: 5\r\n", answer, StringComparison.Ordinal);
        }

        viewers[0].Dispose();
        bool isIn = false;
        for (int i = 0; i < 100 && !isIn; i++)
        {
            using TcpClient next = View();
            isIn = ReadUntil(next, "\r\n\r\n").StartsWith("HTTP/1.1 200 ", StringComparison.Ordinal);
        }

        Assert.True(isIn);
        viewers.ForEach(viewer => viewer.Dispose());
    }

    [Fact]
    public void A_viewer_that_does_not_read_loses_events_and_holds_nobody_up()
    {
        using TcpClient deaf = View();
        using TcpClient viewer = View();
        ReadUntil(viewer, "first\n");
        string large = new('x', 4 << 20);
        for (int i = 0; i < 5; i++)
        {
            _site.Say($"{large}{i}\n");
            ReadUntil(viewer, $"x{i}\n");
        }

        _site.Say("last\n");
        ReadUntil(viewer, "last\n");

        // What the system held for it, then what came after it had read.
        Assert.DoesNotContain("x4\n", ReadUntil(deaf, "x0\n"), StringComparison.Ordinal);
        _site.Say("again\n");
        string rest = ReadUntil(deaf, "again\n");
        Assert.DoesNotContain("x3\n", rest, StringComparison.Ordinal);
    }

    [Fact]
    public void Streams_take_no_place_of_other_callers()
    {
        using TcpClient viewer = View();
        ReadUntil(viewer, "first\n");
        TcpClient[] silent = [.. Enumerable.Range(0, 20).Select(_ => Connect())];
        using TcpClient caller = Connect();
        caller.GetStream().Write("GET / HTTP/1.1\r\n\r\n"u8);
        Assert.StartsWith("HTTP/1.1 404 ", ReadUntil(caller, "nothing"), StringComparison.Ordinal);
        _site.Say("still\n");
        ReadUntil(viewer, "still\n");
        Array.ForEach(silent, client => client.Dispose());
    }

    [Theory]
    [InlineData("/defect")]
    [InlineData("/no-file")]
    [InlineData("/no-memory")]
    public void An_answer_that_fails_is_said_to_its_caller_and_the_next_one_is_answered(string path)
    {
        Assert.StartsWith("HTTP/1.1 500 Internal Server Error\r\n", Ask(path), StringComparison.Ordinal);
        Assert.StartsWith("HTTP/1.1 404 ", Ask("/"), StringComparison.Ordinal);
    }

    [Fact]
    public void Whatever_fails_in_the_server_itself_the_next_caller_is_answered()
    {
        using TcpClient caller = Connect();
        caller.GetStream().Write("GET /null HTTP/1.1\r\n\r\n"u8);
        Assert.StartsWith("HTTP/1.1 404 ", Ask("/"), StringComparison.Ordinal);
    }

    [Fact]
    public void An_event_that_fails_is_missing_and_the_stream_goes_on()
    {
        using TcpClient viewer = View();
        ReadUntil(viewer, "first\n");
        _site.Fail(new InvalidOperationException());
        _site.Fail(new IOException());
        _site.Say("second\n");
        Assert.Equal("second\n", ReadUntil(viewer, "second\n"));
    }

    [Fact]
    public void Where_every_event_fails_other_callers_are_answered()
    {
        using TcpClient viewer = View();
        ReadUntil(viewer, "first\n");
        _site.Failure = new InvalidOperationException();
        Assert.StartsWith("HTTP/1.1 404 ", Ask("/"), StringComparison.Ordinal);
    }

    private string Ask(string path)
    {
        using TcpClient caller = Connect();
        caller.GetStream().Write(Encoding.ASCII.GetBytes($"GET {path} HTTP/1.1\r\n\r\n"));
        return ReadUntil(caller, "never");
    }

    private static string ReadUntil(TcpClient client, string end)
    {
        StringBuilder text = new();
        byte[] buffer = new byte[1 << 16];
        while (true)
        {
            int count = client.GetStream().Read(buffer);
            text.Append(Encoding.Latin1.GetString(buffer, 0, count));
            string last = text.ToString(Math.Max(text.Length - 200, 0), Math.Min(text.Length, 200));
            if (count == 0 || last.Contains(end, StringComparison.Ordinal))
            {
                return text.ToString();
            }
        }
    }

    private TcpClient Connect()
    {
        TcpClient client = new() { ReceiveTimeout = 60_000 };
        client.Connect(_server.Address);
        return client;
    }

    private TcpClient View()
    {
        TcpClient client = Connect();
        client.GetStream().Write("GET /events HTTP/1.1\r\n\r\n"u8);
        return client;
    }
}
