using System.Net.Sockets;
using FlowMeter.Cli.Shell;

namespace FlowMeter.Cli.Http;

/// <summary>
/// One caller: its request, at most 8 KiB of it, then the answer, then the wait until the other side has closed, so that nothing of the
/// answer is lost. A stream goes on with events instead; one that comes before the last is out is left out for this caller. Never blocks;
/// <see cref="Advance"/> is called when the socket is ready. Owns the socket.
/// </summary>
/// <param name="socket">Non-blocking.</param>
/// <param name="deadline">When it is closed whatever happens, in milliseconds of <see cref="Environment.TickCount64"/>.</param>
/// <param name="answers">Answers a request with the method GET or HEAD.</param>
internal sealed class HttpConnection(Socket socket, long deadline, Func<HttpRequest, HttpAnswer> answers) : IDisposable
{
    private const int LongestRequest = 8192;

    // A viewer whose machine has gone says nothing; what is sent to it is never taken.
    private const long StreamPatience = 30_000;

    private readonly byte[] _request = new byte[LongestRequest];
    private int _received;
    private byte[]? _answer;
    private int _sent;

    /// <summary>Non-blocking.</summary>
    public Socket Socket => socket;

    /// <summary>When it is closed whatever happens, in milliseconds of <see cref="Environment.TickCount64"/>.</summary>
    public long Deadline { get; private set; } = deadline;

    /// <summary>Whether it waits for room to send; otherwise for something to read.</summary>
    public bool IsSending => _answer != null && _sent < _answer.Length;

    /// <summary>Whether there is no whole request yet.</summary>
    public bool IsSilent => _answer == null;

    /// <summary>Whether it goes on with events.</summary>
    public bool IsStream { get; private set; }

    /// <summary>Goes on as far as the socket allows.</summary>
    /// <returns>False when it is done with.</returns>
    public bool Advance() => Try(() => IsSending ? Send() : Receive());

    /// <summary>Sends an event to a stream, unless the one before is not out yet.</summary>
    /// <returns>False when the other side has gone.</returns>
    public bool Offer(byte[] next)
    {
        if (IsSending)
        {
            return true;
        }

        _answer = next;
        _sent = 0;
        Deadline = Environment.TickCount64 + StreamPatience;
        return Try(Send);
    }

    /// <inheritdoc/>
    public void Dispose() => socket.Dispose();

    private static bool Try(Func<bool> step)
    {
        try
        {
            return step();
        }
        catch (SocketException e)
        {
            return e.SocketErrorCode == SocketError.WouldBlock;
        }
        catch (Exception e) when (SystemFailure.Is(e))
        {
            // There is no memory left for the answer; the next caller may get one.
            return false;
        }
    }

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
        if (!IsSending && !IsStream)
        {
            socket.Shutdown(SocketShutdown.Send);
        }

        return true;
    }

    private byte[] AnswerTo(ReadOnlySpan<byte> bytes)
    {
        HttpRequest? request = bytes.IndexOf("\r\n\r\n"u8) < 0 ? null : HttpRequest.Parse(bytes);
        HttpAnswer answer =
            bytes.IndexOf("\r\n\r\n"u8) < 0 ? HttpAnswer.Text("431 Request Header Fields Too Large", "the request is too long")
            : request == null ? HttpAnswer.Text("400 Bad Request", "that is not HTTP/1.1")
            : request.Method is "GET" or "HEAD" ? answers(request)
            : HttpAnswer.Text("405 Method Not Allowed", "only GET and HEAD are answered") with { Fields = "Allow: GET, HEAD\r\n" };
        bool isHead = bytes.StartsWith("HEAD "u8);
        IsStream = answer.IsStream && !isHead;
        Deadline += IsStream ? StreamPatience : 0;
        return answer.ToBytes(isHead);
    }
}
