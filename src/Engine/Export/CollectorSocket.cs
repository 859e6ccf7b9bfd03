using System.Net;
using System.Net.Sockets;

namespace FlowMeter.Engine.Export;

/// <summary>A socket to a collector that never waits longer than it is told. For one thread at a time.</summary>
internal sealed class CollectorSocket : IDisposable
{
    private readonly Socket _socket;

    private CollectorSocket(Socket socket) => _socket = socket;

    /// <summary>Whether the collector has closed the connection.</summary>
    public bool IsAbandoned => _socket.Poll(0, SelectMode.SelectRead) && _socket.Available == 0;

    /// <summary>Connects; over UDP that only names the other end.</summary>
    /// <param name="collector">The other end.</param>
    /// <param name="isStream">Whether to speak TCP.</param>
    /// <param name="milliseconds">How long a connection may take.</param>
    /// <exception cref="IOException">There is no connection.</exception>
    public static CollectorSocket Connect(IPEndPoint collector, bool isStream, int milliseconds)
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
            if (!socket.Poll(TimeSpan.FromMilliseconds(milliseconds), SelectMode.SelectWrite))
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

        CollectorSocket connected = new(socket);
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

    /// <summary>Sends some of the bytes, or a datagram. Returns how many; 0 if the other end took nothing in that time.</summary>
    /// <param name="bytes">What to send.</param>
    /// <param name="milliseconds">How long to wait for room; negative: for ever.</param>
    /// <exception cref="IOException">The connection is gone, or a datagram before this one was refused.</exception>
    public int SendSome(ReadOnlySpan<byte> bytes, int milliseconds)
    {
        int sent = _socket.Send(bytes, SocketFlags.None, out SocketError error);
        if (error == SocketError.WouldBlock && _socket.Poll(
            milliseconds < 0 ? Timeout.InfiniteTimeSpan : TimeSpan.FromMilliseconds(milliseconds), SelectMode.SelectWrite))
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

    /// <summary>Waits for the answer to datagrams that nobody takes, an ICMP message.</summary>
    /// <exception cref="IOException">It came.</exception>
    public void AwaitRefusal(int milliseconds)
    {
        _ = _socket.Poll(TimeSpan.FromMilliseconds(milliseconds), SelectMode.SelectRead);
        ThrowPending();
    }

    /// <inheritdoc/>
    public void Dispose() => _socket.Dispose();

    /// <summary>A failure of a socket as a part of a sentence.</summary>
    internal static string ReasonOf(SocketError error) => error switch
    {
        SocketError.ConnectionRefused => "connection refused",
        SocketError.TimedOut => "no answer",
        SocketError.ConnectionReset or SocketError.ConnectionAborted or SocketError.Shutdown => "the collector closed the connection",
        _ => new SocketException((int)error).Message.TrimEnd('.'),
    };

    private static IOException Failure(SocketError error) => new(ReasonOf(error), new SocketException((int)error));

    private void ThrowPending()
    {
        SocketError error = (SocketError)(int)_socket.GetSocketOption(SocketOptionLevel.Socket, SocketOptionName.Error)!;
        if (error != SocketError.Success)
        {
            throw Failure(error);
        }
    }
}
