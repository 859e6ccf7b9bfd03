using System.Net;
using System.Net.Sockets;
using FlowMeter.Native;

namespace FlowMeter.Engine.Export;

/// <summary>A socket to a collector that never waits longer than it is told. For one thread at a time.</summary>
internal sealed class CollectorSocket : IDisposable
{
    // UDP_SEGMENT of udp(7): the kernel cuts what is sent at once into datagrams of this size, which takes a fraction of the time.
    private const int SegmentLevel = 17;
    private const int Segment = 103;

    private readonly Socket _socket;
    private readonly bool _isStream;
    private bool _isCut = OperatingSystem.IsLinux();
    private int _segment;
    private TlsStream? _tls;

    private CollectorSocket(Socket socket, bool isStream) => (_socket, _isStream) = (socket, isStream);

    /// <summary>Connects; over UDP that only names the other end.</summary>
    /// <param name="collector">The other end.</param>
    /// <param name="isStream">Whether to speak TCP.</param>
    /// <param name="patience">How long a connection may take.</param>
    /// <exception cref="IOException">There is no connection.</exception>
    public static CollectorSocket Connect(IPEndPoint collector, bool isStream, TimeSpan patience)
    {
        Socket socket = new(
            collector.AddressFamily, isStream ? SocketType.Stream : SocketType.Dgram, isStream ? ProtocolType.Tcp : ProtocolType.Udp)
        {
            Blocking = false,
        };
        try
        {
            socket.Connect(collector);
        }
        catch (SocketException e) when (e.SocketErrorCode is SocketError.WouldBlock or SocketError.InProgress)
        {
            if (!socket.Poll(patience, SelectMode.SelectWrite))
            {
                socket.Dispose();
                throw Failure(SocketError.TimedOut);
            }
        }
        catch (SocketException e)
        {
            socket.Dispose();
            throw Failure(e.SocketErrorCode);
        }

        CollectorSocket connected = new(socket, isStream);
        try
        {
            connected.ThrowPending();
            return connected;
        }
        catch
        {
            connected.Dispose();
            throw;
        }
    }

    /// <summary>Goes on by TLS. If that fails the socket is closed.</summary>
    /// <param name="client">What is trusted and shown.</param>
    /// <param name="host">The name or address that the certificate must be for.</param>
    /// <param name="patience">How long the collector may take for an answer.</param>
    /// <exception cref="IOException">It is not trusted, refuses, or takes longer.</exception>
    public void Secure(TlsClient client, string host, TimeSpan patience)
    {
        try
        {
            _tls = new TlsStream(client, _socket, host, patience);
        }
        catch (OpenSslException e)
        {
            throw new IOException(e.Message, e);
        }
    }

    /// <summary>Sends datagrams of the same size, or the first one of them, where the kernel can not cut them.</summary>
    /// <param name="bytes">What to send, a few datagrams.</param>
    /// <param name="size">Bytes of each.</param>
    /// <param name="patience">How long to wait for room; null: for ever.</param>
    /// <returns>Bytes that were sent; 0 if there was no room in that time.</returns>
    /// <exception cref="IOException">A datagram before this one was refused.</exception>
    public int SendDatagrams(ReadOnlySpan<byte> bytes, int size, TimeSpan? patience)
    {
        if (_isCut && bytes.Length > size)
        {
            try
            {
                CutInto(size);
                return SendSome(bytes, patience);
            }
            catch (Exception e) when (IsNoCutting(e))
            {
                // Not by this kernel, on this way. Where something else is wrong, sending one says so.
                _isCut = false;
            }
        }

        CutInto(0);
        return SendSome(bytes[..size], patience);
    }

    /// <summary>Sends some of the bytes. Returns how many; 0 if the other end took nothing in that time.</summary>
    /// <param name="bytes">What to send.</param>
    /// <param name="patience">How long to wait for room; null: for ever.</param>
    /// <exception cref="IOException">The connection is gone, or a datagram before this one was refused.</exception>
    public int SendSome(ReadOnlySpan<byte> bytes, TimeSpan? patience)
    {
        if (_tls != null)
        {
            ThrowIfAbandoned();
            try
            {
                return _tls.TryWrite(bytes, patience);
            }
            catch (Exception e) when (e is OpenSslException or IOException)
            {
                throw Failure(e);
            }
        }

        int sent = _socket.Send(bytes, SocketFlags.None, out SocketError error);
        if (error == SocketError.WouldBlock && _socket.Poll(patience ?? Timeout.InfiniteTimeSpan, SelectMode.SelectWrite))
        {
            sent = _socket.Send(bytes, SocketFlags.None, out error);
        }

        return error switch
        {
            SocketError.Success => sent,
            SocketError.WouldBlock => 0,
            _ => throw Failure(error),
        };
    }

    /// <summary>Looks whether the collector has closed the connection.</summary>
    /// <exception cref="IOException">It has.</exception>
    public void ThrowIfAbandoned()
    {
        bool isAbandoned;
        try
        {
            isAbandoned = _tls?.IsEnded() ?? (_isStream && _socket.Poll(0, SelectMode.SelectRead) && _socket.Available == 0);
        }
        catch (Exception e) when (e is OpenSslException or IOException)
        {
            throw Failure(e);
        }

        if (isAbandoned)
        {
            throw Failure(SocketError.ConnectionReset);
        }
    }

    /// <summary>Waits for a refusal: the answer to datagrams that nobody takes, an ICMP message, or to a certificate of ours.</summary>
    /// <exception cref="IOException">It came.</exception>
    public void AwaitRefusal(TimeSpan patience)
    {
        _ = _socket.Poll(patience, SelectMode.SelectRead);
        ThrowPending();
        ThrowIfAbandoned();
    }

    /// <summary>Ends a connection by TLS in order, so that the collector knows that it has everything; others have no such thing.</summary>
    /// <param name="patience">How long the collector may take.</param>
    /// <exception cref="IOException">It did not take what was still to be sent.</exception>
    public void Finish(TimeSpan patience)
    {
        if (_tls == null)
        {
            return;
        }

        bool isSent;
        try
        {
            isSent = _tls.TryFinish(patience);
        }
        catch (Exception e) when (e is OpenSslException or IOException)
        {
            throw Failure(e);
        }

        if (!isSent)
        {
            throw new IOException("the collector takes nothing");
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _tls?.Dispose();
        _socket.Dispose();
    }

    /// <summary>A failure of a socket as a part of a sentence.</summary>
    internal static string ReasonOf(SocketError error) => error switch
    {
        SocketError.ConnectionRefused => "connection refused",
        SocketError.TimedOut => "no answer",
        SocketError.ConnectionReset or SocketError.ConnectionAborted or SocketError.Shutdown => "the collector closed the connection",
        _ => new SocketException((int)error).Message.TrimEnd('.'),
    };

    private static bool IsNoCutting(Exception e) => (e as SocketException ?? e.InnerException as SocketException) is { } failure
        && failure.SocketErrorCode != SocketError.ConnectionRefused;

    /// <summary>OpenSSL has its own word for what is wrong; else the connection broke.</summary>
    private static IOException Failure(Exception e) =>
        e is OpenSslException ? new IOException(e.Message, e) : Failure(SocketError.ConnectionReset);

    private static IOException Failure(SocketError error) => new(ReasonOf(error), new SocketException((int)error));

    private void CutInto(int size)
    {
        if (size != _segment)
        {
            _socket.SetRawSocketOption(SegmentLevel, Segment, BitConverter.GetBytes(size));
            _segment = size;
        }
    }

    private void ThrowPending()
    {
        SocketError error = (SocketError)(int)_socket.GetSocketOption(SocketOptionLevel.Socket, SocketOptionName.Error)!;
        if (error != SocketError.Success)
        {
            throw Failure(error);
        }
    }
}
