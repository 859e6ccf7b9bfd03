using System.Globalization;
using System.Net.Sockets;
using System.Text;
using FlowMeter.Cli.Http;

namespace FlowMeter.Tests.Fuzz;

/// <summary>
/// What comes in at the port of the metrics: one whole answer, the same in whatever pieces the request comes; or none where the request has
/// no end. The bytes: the size of the pieces (1), the request.
/// </summary>
internal static class HttpTarget
{
    private const int LongestRequest = 8192;

    private static readonly string s_page = "# a page\n" + new string('1', 5000) + "\n";

    public static void Run(byte[] bytes)
    {
        if (bytes.Length < 1)
        {
            return;
        }

        byte[] request = bytes[1..];
        string whole = Ask(request, int.MaxValue);
        Assert.Equal(whole, Ask(request, 1 + bytes[0]));
        int end = request.AsSpan().IndexOf("\r\n\r\n"u8);
        bool isWhole = end >= 0 && end + 4 <= LongestRequest;
        Assert.Equal(Status(request, isWhole), whole.Split("\r\n")[0]);
        if (whole.Length > 0)
        {
            WellFormed(whole, isHead: request.AsSpan().StartsWith("HEAD"u8));
        }
    }

    private static string Status(byte[] request, bool isWhole)
    {
        if (!isWhole)
        {
            return request.Length < LongestRequest ? "" : "HTTP/1.1 431 Request Header Fields Too Large";
        }

        string[] words = Encoding.ASCII.GetString(request[..request.AsSpan().IndexOf("\r\n"u8)]).Split(' ');
        return "HTTP/1.1 " + (words.Length != 3 || !words[2].StartsWith("HTTP/1.", StringComparison.Ordinal) ? "400 Bad Request"
            : words[0] is not ("GET" or "HEAD") ? "405 Method Not Allowed"
            : words[1].Split('?')[0] == "/metrics" ? "200 OK" : "404 Not Found");
    }

    private static void WellFormed(string answer, bool isHead)
    {
        int end = answer.IndexOf("\r\n\r\n", StringComparison.Ordinal);
        Dictionary<string, string> fields = answer[..end].Split("\r\n").Skip(1).Select(line => line.Split(": ")).ToDictionary(
            field => field[0], field => field[1]);
        int length = int.Parse(fields["Content-Length"], CultureInfo.InvariantCulture);
        Assert.Equal("close", fields["Connection"]);
        Assert.True(answer.Length - end - 4 == length || (isHead && answer.Length == end + 4), answer);
    }

    private static string Ask(byte[] request, int piece)
    {
        using Socket listener = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        listener.Bind(new UnixDomainSocketEndPoint($"\0flowmeter-fuzz-{Guid.NewGuid():N}"));
        listener.Listen(1);
        using Socket client = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        client.Connect(listener.LocalEndPoint!);
        Socket server = listener.Accept();
        server.Blocking = false;
        using HttpConnection connection = new(server, long.MaxValue, request => request.Path == "/metrics"
            ? HttpAnswer.Text("200 OK", s_page)
            : HttpAnswer.Text("404 Not Found", "not here"));
        bool isOpen = true;
        for (int at = 0; at < request.Length && isOpen;)
        {
            int length = Math.Min(piece, request.Length - at);
            client.Send(request.AsSpan(at, length));
            at += length;
            isOpen = connection.Advance();
        }

        client.Shutdown(SocketShutdown.Send);
        for (int turn = 0; turn < FuzzTarget.MaxLength && isOpen; turn++)
        {
            isOpen = connection.Advance();
        }

        Assert.False(isOpen, "still open though the other side has closed");
        connection.Dispose();
        return ReadToEnd(client);
    }

    private static string ReadToEnd(Socket client)
    {
        using MemoryStream answer = new();
        byte[] buffer = new byte[8192];
        try
        {
            for (int read = client.Receive(buffer); read > 0; read = client.Receive(buffer))
            {
                answer.Write(buffer, 0, read);
            }
        }
        catch (SocketException)
        {
            // Closed with bytes of the request unread; the answer came before.
        }

        return Encoding.ASCII.GetString(answer.ToArray());
    }
}
