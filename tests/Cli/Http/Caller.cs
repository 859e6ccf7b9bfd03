using System.Net;
using System.Net.Sockets;
using System.Text;

namespace FlowMeter.Tests.Cli.Http;

/// <summary>Somebody who asks a server, as slowly and as little as a test wants. Fails after a minute of waiting.</summary>
internal sealed class Caller : IDisposable
{
    private const int Patience = 60_000;

    private readonly Socket _socket;

    public Caller(IPEndPoint address)
    {
        // A small window, so that a large answer stays with the server until it is read.
        _socket = new Socket(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp)
        {
            ReceiveTimeout = Patience,
            SendTimeout = Patience,
            ReceiveBufferSize = 1 << 16,
            NoDelay = true,
        };
        _socket.Connect(address);
    }

    public void Dispose() => _socket.Dispose();

    /// <summary>Sends text as it is.</summary>
    public Caller Say(string text)
    {
        _socket.Send(Encoding.Latin1.GetBytes(text));
        return this;
    }

    /// <summary>Waits for the first byte of an answer, and leaves it where it is.</summary>
    public Caller AwaitAnswer()
    {
        Assert.Equal(1, _socket.Receive(new byte[1], SocketFlags.Peek));
        return this;
    }

    /// <summary>All that comes until the other side has closed or cut the connection.</summary>
    /// <param name="end">Also until what came ends with this; null: with nothing.</param>
    public string Hear(string? end = null)
    {
        StringBuilder text = new();
        byte[] buffer = new byte[1 << 16];
        try
        {
            while (_socket.Receive(buffer) is int count and > 0)
            {
                text.Append(Encoding.Latin1.GetString(buffer, 0, count));
                if (end != null && text.Length >= end.Length && text.ToString(text.Length - end.Length, end.Length) == end)
                {
                    break;
                }
            }
        }
        catch (SocketException e) when (e.SocketErrorCode == SocketError.ConnectionReset)
        {
            // Cut.
        }

        return text.ToString();
    }

    /// <summary>Says a byte again and again, at most so often, until the other side takes no more.</summary>
    /// <returns>Whether it came to that.</returns>
    public bool IsCutOffWithin(int bytes)
    {
        try
        {
            for (int i = 0; i < bytes; i++)
            {
                Say("a");
                Thread.Sleep(10);
            }

            return false;
        }
        catch (SocketException e) when (e.SocketErrorCode is SocketError.ConnectionReset or SocketError.Shutdown)
        {
            return true;
        }
    }
}
