using System.Net;
using System.Net.Sockets;
using FlowMeter.Cli.Shell;

namespace FlowMeter.Cli.Telemetry;

/// <summary>
/// Serves <c>/metrics</c>, <c>/healthz</c> (does it live?) and <c>/readyz</c> (does it work?) on a thread of its own, which reads the
/// workers' counters without asking them. One thread and non-blocking sockets: a scraper that is slow or says nothing holds no thread, has
/// five seconds, and makes room for the next when sixteen are open.
/// </summary>
internal sealed class MetricsServer : IDisposable
{
    private const int MaxConnections = 16;
    private const long Patience = 5000;
    private static readonly TimeSpan s_turn = TimeSpan.FromMilliseconds(200);

    private readonly Socket _listener;
    private readonly Func<byte[]> _metrics;
    private readonly Func<bool> _isAlive;
    private readonly Func<IReadOnlyList<string>> _problems;
    private readonly List<MetricsConnection> _open = [];
    private readonly Thread _thread;
    private volatile bool _isStopped;

    /// <summary>Serves from now on.</summary>
    /// <param name="listener">What <see cref="Listen"/> returned; owned from now on.</param>
    /// <param name="metrics">Makes the page of <c>/metrics</c>; called on the server's thread.</param>
    /// <param name="isAlive">Whether the metering makes progress; called on the server's thread.</param>
    /// <param name="problems">What keeps it from its work, a line each; called on the server's thread.</param>
    public MetricsServer(Socket listener, Func<byte[]> metrics, Func<bool> isAlive, Func<IReadOnlyList<string>> problems)
    {
        _metrics = metrics;
        _isAlive = isAlive;
        _problems = problems;
        _listener = listener;
        Address = (IPEndPoint)_listener.LocalEndPoint!;
        _thread = new Thread(Run) { Name = "metrics", IsBackground = true };
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

    /// <summary>Listens; may be done with more rights than serving.</summary>
    /// <param name="address">Where; port 0 for any that is free.</param>
    /// <exception cref="MetricsException">Nothing can listen there.</exception>
    public static Socket Listen(IPEndPoint address)
    {
        Socket? listener = null;
        try
        {
            listener = new(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { Blocking = false };
            listener.Bind(address);
            listener.Listen(MaxConnections);
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
            throw new MetricsException($"--metrics {address}: {reason}.");
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
            catch (Exception e) when (SystemFailure.Is(e))
            {
                // A caller has gone already, or there is no descriptor or no memory left. The capture goes on, the caller may still be
                // there at the next turn, and this must not become a busy loop.
                Thread.Sleep(s_turn);
            }
        }
    }

    private void Turn()
    {
        List<Socket> readable = [_listener, .. _open.Where(connection => !connection.IsSending).Select(connection => connection.Socket)];
        List<Socket> writable = [.. _open.Where(connection => connection.IsSending).Select(connection => connection.Socket)];
        Socket.Select(readable, writable, null, s_turn);
        for (int i = _open.Count - 1; i >= 0; i--)
        {
            MetricsConnection connection = _open[i];
            bool isReady = readable.Contains(connection.Socket) || writable.Contains(connection.Socket);
            if (Environment.TickCount64 > connection.Deadline || (isReady && !connection.Advance()))
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

        if (_open.Count == MaxConnections)
        {
            Close(0);
        }

        _open.Add(new MetricsConnection(socket, Environment.TickCount64 + Patience, Answer));
    }

    private void Close(int index)
    {
        _open[index].Dispose();
        _open.RemoveAt(index);
    }

    private MetricsAnswer Answer(string path) => path switch
    {
        "/metrics" => new MetricsAnswer("200 OK", MetricsText.MediaType, _metrics()),
        "/healthz" => _isAlive()
            ? MetricsAnswer.Text("200 OK", "ok")
            : MetricsAnswer.Text("503 Service Unavailable", "a worker has made no progress for some time"),
        "/readyz" => _problems() is { Count: > 0 } problems
            ? MetricsAnswer.Text("503 Service Unavailable", string.Join('\n', problems))
            : MetricsAnswer.Text("200 OK", "ok"),
        _ => MetricsAnswer.Text("404 Not Found", "there are /metrics, /healthz and /readyz"),
    };
}
