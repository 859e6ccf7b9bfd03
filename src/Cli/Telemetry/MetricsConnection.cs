using System.Net.Sockets;
using System.Text;
using FlowMeter.Cli.Shell;

namespace FlowMeter.Cli.Telemetry;

/// <summary>
/// One scraper: its request, at most 8 KiB of it, then the answer, then the wait until the other side has closed, so that nothing of the
/// answer is lost. Never blocks; <see cref="Advance"/> is called when the socket is ready. Owns the socket.
/// </summary>
internal sealed class MetricsConnection(Socket socket, long deadline, Func<string, MetricsAnswer> answers) : IDisposable
{
    private const int LongestRequest = 8192;

    private readonly byte[] _request = new byte[LongestRequest];
    private int _received;
    private byte[]? _answer;
    private int _sent;

    /// <summary>Non-blocking.</summary>
    public Socket Socket => socket;

    /// <summary>When it is closed whatever happens, in milliseconds of <see cref="Environment.TickCount64"/>.</summary>
    public long Deadline => deadline;

    /// <summary>Whether it waits for room to send; otherwise for something to read.</summary>
    public bool IsSending => _answer != null && _sent < _answer.Length;

    /// <summary>Goes on as far as the socket allows.</summary>
    /// <returns>False when it is done with.</returns>
    public bool Advance()
    {
        try
        {
            return IsSending ? Send() : Receive();
        }
        catch (SocketException e)
        {
            return e.SocketErrorCode == SocketError.WouldBlock;
        }
        catch (Exception e) when (SystemFailure.Is(e))
        {
            // What the page tells of the process could not be had; the next one may.
            return false;
        }
    }

    /// <inheritdoc/>
    public void Dispose() => socket.Dispose();

    private bool Receive()
    {
        if (_answer != null)
        {
            // The answer is out: whatever still comes is thrown away until the other side closes.
            return socket.Receive(_request) > 0;
        }

        int count = socket.Receive(_request.AsSpan(_received));
        _received += count;
        ReadOnlySpan<byte> request = _request.AsSpan(0, _received);
        if (request.IndexOf("\r\n\r\n"u8) < 0 && _received < LongestRequest)
        {
            return count > 0;
        }

        _answer = AnswerTo(request);
        return Send();
    }

    private bool Send()
    {
        _sent += socket.Send(_answer.AsSpan(_sent));
        if (!IsSending)
        {
            socket.Shutdown(SocketShutdown.Send);
        }

        return true;
    }

    /// <summary>The whole response, RFC 9112: the request's first line decides, its fields do not matter.</summary>
    private byte[] AnswerTo(ReadOnlySpan<byte> request)
    {
        int end = request.IndexOf("\r\n"u8);
        string[] line = Encoding.ASCII.GetString(request[..Math.Max(end, 0)]).Split(' ');
        bool isRequest = line.Length == 3 && line[2].StartsWith("HTTP/1.", StringComparison.Ordinal);
        MetricsAnswer answer =
            request.IndexOf("\r\n\r\n"u8) < 0 ? MetricsAnswer.Text("431 Request Header Fields Too Large", "the request is too long")
            : !isRequest ? MetricsAnswer.Text("400 Bad Request", "that is not HTTP/1.1")
            : line[0] is not ("GET" or "HEAD") ? MetricsAnswer.Text("405 Method Not Allowed", "only GET and HEAD are answered")
            : answers(line[1].Split('?')[0]);
        string head = $"HTTP/1.1 {answer.Status}\r\nContent-Type: {answer.MediaType}\r\nContent-Length: {answer.Body.Length}\r\n"
            + "Cache-Control: no-store\r\n"
            + $"{(answer.Status.StartsWith("405", StringComparison.Ordinal) ? "Allow: GET, HEAD\r\n" : "")}Connection: close\r\n\r\n";
        return [.. Encoding.ASCII.GetBytes(head), .. line[0] == "HEAD" ? [] : answer.Body];
    }
}
