using System.Globalization;
using System.Net.Sockets;
using System.Text;
using FlowMeter.Cli.Telemetry;
using FlowMeter.Tests.EndToEnd;

namespace FlowMeter.Tests.Cli.Telemetry;

/// <summary>What systemd is told, against a socket that takes systemd's place.</summary>
public sealed class ServiceNotifierTests
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void The_life_of_a_service_is_told(bool isAbstract)
    {
        using TemporaryFolder folder = new();
        string path = folder["notify"];
        using Socket systemd = Bind(isAbstract ? '\0' + path : path);
        using ServiceNotifier notifier = new(() => true, Environment(("NOTIFY_SOCKET", isAbstract ? '@' + path : path)));
        notifier.Ready("2 workers on\neth0");
        notifier.Status("1 packet");
        notifier.Stopping();
        Assert.Equal("READY=1\nSTATUS=2 workers on eth0", Receive(systemd));
        Assert.Equal("STATUS=1 packet", Receive(systemd));
        Assert.Equal("STOPPING=1", Receive(systemd));
    }

    [Fact]
    public void The_watchdog_is_fed_only_while_the_workers_make_progress()
    {
        using TemporaryFolder folder = new();
        using Socket systemd = Bind(folder["notify"]);
        bool isAlive = true;
        int asked = 0;
        bool IsAlive()
        {
            Interlocked.Increment(ref asked);
            return Volatile.Read(ref isAlive);
        }

        using ServiceNotifier notifier = new(IsAlive, Environment(("NOTIFY_SOCKET", folder["notify"]), ("WATCHDOG_USEC", "100000")));
        notifier.Ready("up");
        Assert.StartsWith("READY=1", Receive(systemd), StringComparison.Ordinal);
        Assert.Equal("WATCHDOG=1", Receive(systemd));
        Assert.Equal("WATCHDOG=1", Receive(systemd));
        Volatile.Write(ref isAlive, false);

        // What was on its way may still come; once two questions were answered with no, nothing can.
        int since = Volatile.Read(ref asked);
        SpinWait.SpinUntil(() => Volatile.Read(ref asked) >= since + 3);
        while (systemd.Available > 0)
        {
            Receive(systemd);
        }

        since = Volatile.Read(ref asked);
        SpinWait.SpinUntil(() => Volatile.Read(ref asked) >= since + 3);
        Assert.Equal(0, systemd.Available);
    }

    [Fact]
    public void Another_process_s_watchdog_is_not_fed()
    {
        using TemporaryFolder folder = new();
        using Socket systemd = Bind(folder["notify"]);
        string other = (System.Environment.ProcessId + 1).ToString(CultureInfo.InvariantCulture);
        int asked = 0;
        using ServiceNotifier notifier = new(
            () => ++asked > 0, Environment(("NOTIFY_SOCKET", folder["notify"]), ("WATCHDOG_USEC", "1000"), ("WATCHDOG_PID", other)));
        notifier.Ready("up");
        Receive(systemd);
        Thread.Sleep(100);
        Assert.Equal(0, asked);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("vsock:2:1234")]
    [InlineData("/no/such/socket")]
    public void Where_nobody_listens_nothing_happens(string? path)
    {
        using ServiceNotifier notifier = new(() => true, name => name == "NOTIFY_SOCKET" ? path : null);
        notifier.Ready("up");
        notifier.Stopping();
    }

    private static Func<string, string?> Environment(params (string Name, string Value)[] variables) =>
        name => variables.FirstOrDefault(variable => variable.Name == name).Value;

    private static Socket Bind(string path)
    {
        Socket socket = new(AddressFamily.Unix, SocketType.Dgram, ProtocolType.Unspecified) { ReceiveTimeout = 60_000 };
        socket.Bind(new UnixDomainSocketEndPoint(path));
        return socket;
    }

    private static string Receive(Socket socket)
    {
        byte[] message = new byte[4096];
        return Encoding.UTF8.GetString(message, 0, socket.Receive(message));
    }
}
