using System.Globalization;
using System.Net.Sockets;
using System.Text;

namespace FlowMeter.Cli.Telemetry;

/// <summary>
/// Tells systemd how the service is, by the protocol of sd_notify(3): a datagram to the socket that NOTIFY_SOCKET names. Says nothing where
/// the process is no such service. While the metering makes progress it feeds the watchdog, at half of the time that WATCHDOG_USEC allows;
/// once it does not, systemd kills the service and starts it anew. A message that can not be sent is left out: metering does not depend on
/// who watches.
/// </summary>
internal sealed class ServiceNotifier : IDisposable
{
    private readonly Socket? _socket;
    private readonly Func<bool> _isAlive;
    private readonly TimeSpan? _period;
    private Timer? _watchdog;

    /// <summary>Reads the environment and looks for the socket; nothing is sent yet.</summary>
    /// <param name="isAlive">Whether all workers make progress; called on a thread of the pool.</param>
    /// <param name="environment">Values of environment variables by name.</param>
    public ServiceNotifier(Func<bool> isAlive, Func<string, string?> environment)
    {
        _isAlive = isAlive;
        string path = environment("NOTIFY_SOCKET") ?? "";

        // A path, or a name in the abstract namespace, which systemd writes with an @ and the system with a zero byte.
        if (path.Length < 2 || path[0] is not ('/' or '@') || !Socket.OSSupportsUnixDomainSockets)
        {
            return;
        }

        _socket = new Socket(AddressFamily.Unix, SocketType.Dgram, ProtocolType.Unspecified) { Blocking = false };
        try
        {
            // Once: in its sandbox the run may not reach out any more.
            _socket.Connect(new UnixDomainSocketEndPoint(path[0] == '@' ? '\0' + path[1..] : path));
        }
        catch (SocketException)
        {
            // Nobody listens.
        }

        bool isForUs = environment("WATCHDOG_PID") is not { Length: > 0 } process
            || process == Environment.ProcessId.ToString(CultureInfo.InvariantCulture);
        if (isForUs && long.TryParse(environment("WATCHDOG_USEC"), NumberStyles.None, CultureInfo.InvariantCulture, out long microseconds)
            && microseconds > 0)
        {
            _period = TimeSpan.FromMicroseconds(Math.Min(microseconds, long.MaxValue / 100) / 2.0);
        }
    }

    /// <summary>Whether anybody is told.</summary>
    public bool IsWatched => _socket != null;

    /// <summary>The service is up: handles are open, rights given up, packets come in. The watchdog is fed from now on.</summary>
    public void Ready(string status)
    {
        Send($"READY=1\nSTATUS={OneLine(status)}");
        if (_period is { } period)
        {
            _watchdog = new Timer(_ => Feed(), null, TimeSpan.Zero, period);
        }
    }

    /// <summary>What <c>systemctl status</c> shows.</summary>
    public void Status(string status) => Send($"STATUS={OneLine(status)}");

    /// <summary>
    /// The service has been told to stop and writes what it holds. The watchdog goes on being fed: that may take a while.
    /// </summary>
    public void Stopping() => Send("STOPPING=1");

    /// <inheritdoc/>
    public void Dispose()
    {
        _watchdog?.Dispose();
        _socket?.Dispose();
    }

    private static string OneLine(string text) => text.ReplaceLineEndings(" ");

    private void Feed()
    {
        if (_isAlive())
        {
            Send("WATCHDOG=1");
        }
    }

    private void Send(string message)
    {
        try
        {
            _socket?.Send(Encoding.UTF8.GetBytes(message));
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            // Nobody listens, or the timer's last call comes after the end.
        }
    }
}
