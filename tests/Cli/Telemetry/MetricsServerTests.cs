using System.Net;
using System.Net.Sockets;
using System.Text;
using FlowMeter.Cli.Http;
using FlowMeter.Cli.Telemetry;

namespace FlowMeter.Tests.Cli.Telemetry;

public sealed class MetricsServerTests : IDisposable
{
    private volatile bool _isAlive = true;
    private volatile string[] _problems = [];
    private readonly byte[] _page = Encoding.UTF8.GetBytes(new string('a', 32 << 20) + "1\n");
    private readonly MetricsServer _server;

    public MetricsServerTests() =>
        _server = new MetricsServer(
            MetricsServer.Listen(new IPEndPoint(IPAddress.Loopback, 0)), () => _page, () => _isAlive, () => _problems);

    public void Dispose() => _server.Dispose();

    [Fact]
    public void The_page_comes_whole_however_large()
    {
        string answer = Ask("GET /metrics HTTP/1.1\r\nHost: x\r\n\r\n");
        Assert.StartsWith(
            $"HTTP/1.1 200 OK\r\nContent-Type: {MetricsText.MediaType}\r\nContent-Length: {_page.Length}\r\n", answer,
            StringComparison.Ordinal);
        Assert.Equal(Encoding.UTF8.GetString(_page), answer[(answer.IndexOf("\r\n\r\n", StringComparison.Ordinal) + 4)..]);
    }

    [Fact]
    public void Health_is_what_the_workers_say()
    {
        Assert.StartsWith("HTTP/1.1 200 ", Ask("GET /healthz HTTP/1.0\r\n\r\n"), StringComparison.Ordinal);
        _isAlive = false;
        Assert.StartsWith("HTTP/1.1 503 ", Ask("GET /healthz?now HTTP/1.0\r\n\r\n"), StringComparison.Ordinal);
    }

    [Fact]
    public void Readiness_names_what_is_wrong()
    {
        Assert.EndsWith("\r\n\r\nok\n", Ask("GET /readyz HTTP/1.0\r\n\r\n"), StringComparison.Ordinal);
        _problems = ["eth0 is down", "table can not be written"];
        string answer = Ask("GET /readyz HTTP/1.0\r\n\r\n");
        Assert.StartsWith("HTTP/1.1 503 ", answer, StringComparison.Ordinal);
        Assert.EndsWith("\r\n\r\neth0 is down\ntable can not be written\n", answer, StringComparison.Ordinal);
        Assert.StartsWith("HTTP/1.1 200 ", Ask("GET /healthz HTTP/1.0\r\n\r\n"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("HEAD /metrics HTTP/1.1\r\n\r\n", "200 OK")]
    [InlineData("GET / HTTP/1.1\r\n\r\n", "404 Not Found")]
    [InlineData("GET /metrics/ HTTP/1.1\r\n\r\n", "404 Not Found")]
    [InlineData("POST /metrics HTTP/1.1\r\nContent-Length: 3\r\n\r\nabc", "405 Method Not Allowed")]
    [InlineData("GET /metrics\r\n\r\n", "400 Bad Request")]
    [InlineData("\r\n\r\n", "400 Bad Request")]
    [InlineData("\u0016\u0003\u0001 nonsense\r\n\r\n", "400 Bad Request")]
    public void Every_request_is_answered_or_refused(string request, string status)
    {
        string answer = Ask(request);
        Assert.StartsWith($"HTTP/1.1 {status}\r\n", answer, StringComparison.Ordinal);
        Assert.Equal(request.StartsWith("HEAD", StringComparison.Ordinal), answer.EndsWith("\r\n\r\n", StringComparison.Ordinal));
    }

    [Fact]
    public void A_request_without_end_is_refused_at_eight_kibibytes() =>
        Assert.StartsWith("HTTP/1.1 431 ", Ask("GET /metrics HTTP/1.1\r\nA: " + new string('a', 20_000)), StringComparison.Ordinal);

    [Fact]
    public void Callers_that_say_nothing_do_not_keep_others_out_and_are_closed()
    {
        TcpClient[] silent = [.. Enumerable.Range(0, 100).Select(_ => Connect())];
        Assert.StartsWith("HTTP/1.1 200 ", Ask("GET /healthz HTTP/1.1\r\n\r\n"), StringComparison.Ordinal);
        foreach (TcpClient client in silent)
        {
            // Closed when its place is needed, or when its time is up.
            Assert.True(IsClosed(client));
            client.Dispose();
        }
    }

    [Fact]
    public void Callers_that_do_not_read_hold_nobody_up_and_are_closed()
    {
        using TcpClient deaf = Connect();
        deaf.GetStream().Write("GET /metrics HTTP/1.1\r\n\r\n"u8);
        for (int i = 0; i < 5; i++)
        {
            Assert.EndsWith("1\n", Ask("GET /metrics HTTP/1.1\r\n\r\n"), StringComparison.Ordinal);
        }

        // It read nothing in its time: what had not been sent by then is not sent any more.
        Thread.Sleep(TimeSpan.FromSeconds(6));
        Assert.True(ReadToEnd(deaf).Length < _page.Length);
    }

    [Fact]
    public void A_port_in_use_is_said_in_one_line()
    {
        ListenException refused = Assert.Throws<ListenException>(() => MetricsServer.Listen(_server.Address));
        Assert.Equal($"--metrics {_server.Address}: another program listens there; choose another port.", refused.Message);
    }

    [Fact]
    public void An_address_of_another_machine_is_said_in_one_line()
    {
        ListenException refused = Assert.Throws<ListenException>(
            () => MetricsServer.Listen(IPEndPoint.Parse("192.0.2.1:9105")));
        Assert.Contains("does not have that address", refused.Message, StringComparison.Ordinal);
    }

    private static bool IsClosed(TcpClient client)
    {
        try
        {
            return client.GetStream().Read(new byte[1]) == 0;
        }
        catch (IOException e) when (e.InnerException is SocketException { SocketErrorCode: SocketError.ConnectionReset })
        {
            return true;
        }
    }

    private static byte[] ReadToEnd(TcpClient client)
    {
        MemoryStream answer = new();
        try
        {
            client.GetStream().CopyTo(answer);
        }
        catch (IOException e) when (e.InnerException is SocketException { SocketErrorCode: SocketError.ConnectionReset })
        {
            // Cut off.
        }

        return answer.ToArray();
    }

    private TcpClient Connect()
    {
        TcpClient client = new() { ReceiveTimeout = 60_000, SendTimeout = 60_000 };
        client.Connect(_server.Address);
        return client;
    }

    private string Ask(string request)
    {
        using TcpClient client = Connect();
        client.GetStream().Write(Encoding.Latin1.GetBytes(request));
        return Encoding.UTF8.GetString(ReadToEnd(client));
    }
}
