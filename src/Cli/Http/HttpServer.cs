using System.Net;
using System.Net.Sockets;
using FlowMeter.Cli.Shell;

namespace FlowMeter.Cli.Http;

/// <summary>
/// Serves a site on a thread of its own, over non-blocking sockets: a caller that is slow or says nothing holds no thread, has five
/// seconds for all of it, and makes room for the next when all places are taken. Streams have places of their own; who comes when these
/// are taken is told so. Nothing else ever waits for a caller, and whatever fails here, the run goes on.
/// </summary>
internal sealed class HttpServer : IDisposable
{
    private const int Backlog = 512;
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan s_turn = TimeSpan.FromMilliseconds(200);

    private readonly Socket _listener;
    private readonly IHttpSite _site;
    private readonly int _places;
    private readonly int _streams;
    private readonly TimeSpan _patience;
    private readonly List<HttpConnection> _open = [];
    private readonly SurvivedFailure _failure;
    private readonly Thread _thread;
    private volatile bool _isStopped;

    /// <summary>Serves from now on.</summary>
    /// <param name="listener">What <see cref="Listen"/> returned; owned from now on.</param>
    /// <param name="site">What is served.</param>
    /// <param name="name">The name of the thread, and of the server in messages.</param>
    /// <param name="places">Callers at a time, streams not counted.</param>
    /// <param name="streams">Streams at a time.</param>
    /// <param name="patience">How long a caller may be there; null: five seconds.</param>
    public HttpServer(Socket listener, IHttpSite site, string name, int places, int streams, TimeSpan? patience = null)
    {
        _listener = listener;
        _site = site;
        _places = places;
        _streams = streams;
        _patience = patience ?? s_patience;
        _failure = new SurvivedFailure(name);
        Address = (IPEndPoint)_listener.LocalEndPoint!;
        _thread = new Thread(Run) { Name = name, IsBackground = true };
        _thread.Start();
    }

    /// <summary>Where it listens.</summary>
    public IPEndPoint Address { get; }

    /// <inheritdoc/>
    public void Dispose()
    {
        _isStopped = true;
        _thread.Join();
        _listener.Dispose();
        _open.ForEach(connection => connection.Dispose());
    }

    /// <summary>Listens; may be done with more rights than serving. All addresses of IPv6 are those of IPv4 as well.</summary>
    /// <param name="option">The option that the address was given with.</param>
    /// <param name="address">Where; port 0 for any that is free.</param>
    /// <exception cref="ListenException">Nothing can listen there.</exception>
    public static Socket Listen(string option, IPEndPoint address)
    {
        Socket? listener = null;
        try
        {
            listener = new(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { Blocking = false };
            if (address.Address.Equals(IPAddress.IPv6Any))
            {
                // The runtime asks for IPv6 alone; who writes [::] wants to be reached, also from a network without it.
                listener.DualMode = true;
            }

            listener.Bind(address);
            listener.Listen(Backlog);
            return listener;
        }
        catch (SocketException e)
        {
            listener?.Dispose();
            string reason = e.SocketErrorCode switch
            {
                SocketError.AddressAlreadyInUse => "another program listens there; choose another port",
                SocketError.AddressNotAvailable => "this machine does not have that address; see: ip address",
                SocketError.AccessDenied => "ports below 1024 are for root; choose a higher one",
                _ => e.Message,
            };
            throw new ListenException($"{option} {address}: {reason}.");
        }
    }

    private void Run()
    {
        while (!_isStopped)
        {
            try
            {
                Turn();
            }
            catch (Exception e)
            {
                // A caller has gone already, there is no descriptor or no memory left, or it is a defect: the run goes on in any case. The
                // caller may still be there at the next turn, and this must not become a busy loop.
                _failure.Tell(e);
                Thread.Sleep(s_turn);
            }
        }
    }

    private void Turn()
    {
        List<Socket> readable = [_listener, .. _open.Where(connection => !connection.IsSending).Select(connection => connection.Socket)];
        List<Socket> writable = [.. _open.Where(connection => connection.IsSending).Select(connection => connection.Socket)];
        Socket.Select(readable, writable, null, s_turn);
        byte[]? next = _open.Any(connection => connection.IsStream) ? NextEvent() : null;
        for (int i = _open.Count - 1; i >= 0; i--)
        {
            HttpConnection connection = _open[i];
            bool isReady = readable.Contains(connection.Socket) || writable.Contains(connection.Socket);
            if (Environment.TickCount64 > connection.Deadline || (isReady && !connection.Advance())
                || (next != null && connection.IsStream && !connection.Offer(next)))
            {
                Close(i);
            }
        }

        if (readable.Contains(_listener))
        {
            Accept();
        }
    }

    private void Accept()
    {
        Socket socket = _listener.Accept();
        try
        {
            socket.Blocking = false;
        }
        catch
        {
            socket.Dispose();
            throw;
        }

        if (_open.Count(connection => !connection.IsStream) >= _places)
        {
            // The oldest that has not asked for anything; if all have, the oldest of all.
            int silent = _open.FindIndex(connection => connection.IsSilent);
            Close(silent >= 0 ? silent : _open.FindIndex(connection => !connection.IsStream));
        }

        _open.Add(new HttpConnection(socket, Environment.TickCount64 + (long)_patience.TotalMilliseconds, Answer));
    }

    private void Close(int index)
    {
        _open[index].Dispose();
        _open.RemoveAt(index);
    }

    private byte[]? NextEvent()
    {
        try
        {
            return _site.NextEvent();
        }
        catch (Exception e)
        {
            // Of any kind: streams miss an event, and other callers are answered all the same.
            _failure.Tell(e);
            return null;
        }
    }

    private HttpAnswer Answer(HttpRequest request)
    {
        HttpAnswer answer;
        try
        {
            answer = _site.Answer(request);
        }
        catch (Exception e)
        {
            // Of any kind: one answer must not end a capture.
            _failure.Tell(e);
            return HttpAnswer.Text("500 Internal Server Error", "the answer failed, and the run goes on; try again");
        }

        return answer.IsStream && _open.Count(connection => connection.IsStream) >= _streams
            ? HttpAnswer.Text("503 Service Unavailable", $"{_streams} viewers look already; close one of them") with
            {
                Fields = "Retry-After: 5\r\n",
            }
            : answer;
    }
}
