using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using FlowMeter.Native;

namespace FlowMeter.Engine.Brokers;

/// <summary>
/// A connection to one NATS server, by its text protocol. A thread of its own reads; what comes is handed on there. A server that is silent
/// is asked whether it lives, and one that does not answer for ten seconds is given up. Sending is for any thread.
/// </summary>
internal sealed class NatsConnection : IDisposable
{
    private const int FlushFrom = 64 << 10;
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan s_silence = TimeSpan.FromSeconds(4);

    private readonly object _sending = new();
    private readonly TimeProvider _clock;
    private readonly Action<NatsMessage> _received;
    private readonly Stream _stream;
    private readonly NatsReader _reader;
    private readonly MemoryStream _held = new();
    private readonly Thread _thread;
    private long _heard;
    private bool _isAsked;
    private volatile BrokerException? _failure;

    /// <summary>Connects.</summary>
    /// <param name="server">The server.</param>
    /// <param name="login">How to log in.</param>
    /// <param name="clock">The time that patience goes by.</param>
    /// <param name="received">Takes what comes; on a thread of the connection, one at a time. What it throws ends the connection.</param>
    /// <exception cref="BrokerException">The server can not be reached, or refuses.</exception>
    public NatsConnection(NatsServer server, NatsLogin login, TimeProvider clock, Action<NatsMessage> received)
    {
        (_clock, _received) = (clock, received);
        Socket socket = Connect(server.Address);
        try
        {
            (_stream, _reader, MaxPayload) = Greet(socket, server, login);
        }
        catch
        {
            socket.Dispose();
            throw;
        }

        // From now on silence is ordinary.
        socket.ReceiveTimeout = 0;
        _heard = clock.GetTimestamp();
        _thread = new Thread(Read) { Name = "nats", IsBackground = true };
        _thread.Start();
    }

    /// <summary>Bytes of a message at most, headers included.</summary>
    public long MaxPayload { get; }

    /// <summary>Asks for the messages of a subject.</summary>
    public void Subscribe(string subject) => Send($"SUB {subject} 1\r\n", default, default);

    /// <summary>Sends a message at the latest with the next <see cref="Flush"/>.</summary>
    /// <param name="subject">Its subject.</param>
    /// <param name="reply">Where the answer goes; empty: nowhere.</param>
    /// <param name="header">Lines with their ends; empty for none.</param>
    /// <param name="body">Its body.</param>
    /// <exception cref="BrokerException">The connection has failed.</exception>
    public void Publish(string subject, string reply, ReadOnlyMemory<byte> header, ReadOnlyMemory<byte> body)
    {
        int length = header.Length == 0 ? 0 : HeaderLine.Length + header.Length + 2;
        string sizes = string.Create(CultureInfo.InvariantCulture, $"{(length == 0 ? "" : $"{length} ")}{length + body.Length}");
        string verb = length == 0 ? "PUB" : "HPUB";
        Send($"{verb} {subject}{(reply.Length == 0 ? "" : " ")}{reply} {sizes}\r\n", header, body, hasBody: true);
    }

    /// <summary>Sends what was held back.</summary>
    /// <exception cref="BrokerException">The connection has failed.</exception>
    public void Flush()
    {
        lock (_sending)
        {
            FlushLocked();
        }
    }

    /// <summary>Whether the connection lives; to be asked several times a second.</summary>
    /// <exception cref="BrokerException">It has failed, or the server does not answer.</exception>
    public void Check()
    {
        ThrowIfFailed();
        TimeSpan silence = _clock.GetElapsedTime(Volatile.Read(ref _heard));
        if (silence > s_patience)
        {
            throw new BrokerException("does not answer any more", "see whether the server and the network are up");
        }

        if (silence <= s_silence)
        {
            _isAsked = false;
        }
        else if (!_isAsked)
        {
            _isAsked = true;
            Send("PING\r\n", default, default);
            Flush();
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _failure ??= new BrokerException("is closed", "connect again");
        _stream.Dispose();
        _thread.Join();
        _held.Dispose();
    }

    private static ReadOnlySpan<byte> HeaderLine => "NATS/1.0\r\n"u8;

    /// <summary>Connects, but does not wait for ever for a host that says nothing.</summary>
    private static Socket Connect(IPEndPoint address)
    {
        Socket socket = new(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true, Blocking = false };
        try
        {
            try
            {
                socket.Connect(address);
            }
            catch (SocketException e) when (e.SocketErrorCode is SocketError.WouldBlock or SocketError.InProgress)
            {
                if (!socket.Poll(s_patience, SelectMode.SelectWrite))
                {
                    throw new SocketException((int)SocketError.TimedOut);
                }

                int error = (int)socket.GetSocketOption(SocketOptionLevel.Socket, SocketOptionName.Error)!;
                if (error != 0)
                {
                    throw new SocketException(error);
                }
            }

            socket.Blocking = true;
            socket.SendTimeout = socket.ReceiveTimeout = (int)s_patience.TotalMilliseconds;
            return socket;
        }
        catch (SocketException e)
        {
            socket.Dispose();
            throw Unreachable(e);
        }
    }

    private static BrokerException Unreachable(Exception e) =>
        new($"can not be reached: {e.Message}", "see whether the server and the network are up", e);

    private static (Stream Stream, NatsReader Reader, long MaxPayload) Greet(Socket socket, NatsServer server, NatsLogin login)
    {
        Stream stream = new NetworkStream(socket, ownsSocket: true);
        try
        {
            NatsReader reader = new(buffer => stream.Read(buffer.Span));
            string line = reader.Line();
            if (!line.StartsWith("INFO ", StringComparison.Ordinal))
            {
                throw new BrokerException("does not speak the protocol of NATS", "see that the port is that of a NATS server");
            }

            JsonElement info = NatsAnswer.Read(Encoding.UTF8.GetBytes(line[5..]));
            if (login.Secures(info))
            {
                stream = login.Secure(socket, server.Host);
                reader = new NatsReader(buffer => stream.Read(buffer.Span));
            }

            stream.Write([.. "CONNECT "u8, .. login.Options(info), .. "\r\nPING\r\n"u8]);
            while ((line = reader.Line()) != "PONG")
            {
                ThrowIfError(line);
            }

            return (stream, reader, info.TryGetProperty("max_payload", out JsonElement most) ? most.GetInt64() : 1 << 20);
        }
        catch (Exception e) when (e is IOException or InvalidOperationException or FormatException or OpenSslException)
        {
            stream.Dispose();
            throw Unreachable(e.GetBaseException());
        }
        catch
        {
            stream.Dispose();
            throw;
        }
    }

    private static void ThrowIfError(string line)
    {
        if (line.StartsWith("-ERR", StringComparison.Ordinal))
        {
            string reason = line[4..].Trim(' ', '\'');
            bool isLogin = reason.Contains("Authorization", StringComparison.OrdinalIgnoreCase);
            bool isRight = reason.Contains("Permissions", StringComparison.OrdinalIgnoreCase);
            throw new BrokerException(
                $"refuses: {reason}",
                isLogin ? "give user, password, key or credentials in the address"
                    : isRight ? "give this user the right to the subject and to _INBOX.>"
                    : "see what the server's log says");
        }
    }

    private void Read()
    {
        try
        {
            while (true)
            {
                string line = _reader.Line();
                Volatile.Write(ref _heard, _clock.GetTimestamp());
                if (_reader.Message(line) is { } message)
                {
                    _received(message);
                }
                else if (line == "PING")
                {
                    Send("PONG\r\n", default, default);
                    Flush();
                }
                else
                {
                    ThrowIfError(line);
                }
            }
        }
        catch (BrokerException e)
        {
            _failure ??= e;
        }
        catch (Exception e) when (e is IOException or ObjectDisposedException or UnauthorizedAccessException or OpenSslException)
        {
            _failure ??= new BrokerException($"failed: {e.GetBaseException().Message}", "see whether the server and the network are up", e);
        }
    }

    private void Send(string line, ReadOnlyMemory<byte> header, ReadOnlyMemory<byte> body, bool hasBody = false)
    {
        lock (_sending)
        {
            ThrowIfFailed();
            _held.Write(Encoding.UTF8.GetBytes(line));
            if (header.Length > 0)
            {
                _held.Write(HeaderLine);
                _held.Write(header.Span);
                _held.Write("\r\n"u8);
            }

            if (hasBody)
            {
                _held.Write(body.Span);
                _held.Write("\r\n"u8);
            }

            if (_held.Length >= FlushFrom)
            {
                FlushLocked();
            }
        }
    }

    private void FlushLocked()
    {
        ThrowIfFailed();
        try
        {
            _stream.Write(_held.GetBuffer().AsSpan(0, (int)_held.Length));
            _held.SetLength(0);
        }
        catch (Exception e) when (e is IOException or ObjectDisposedException or OpenSslException)
        {
            _failure ??= new BrokerException($"failed: {e.GetBaseException().Message}", "see whether the server and the network are up", e);
            throw _failure;
        }
    }

    private void ThrowIfFailed()
    {
        if (_failure is { } failure)
        {
            throw failure;
        }
    }
}
