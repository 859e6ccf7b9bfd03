using System.ComponentModel;
using System.Globalization;
using System.Runtime.InteropServices;
using FlowMeter.Native;
using Microsoft.Win32.SafeHandles;

namespace FlowMeter.Tests.EndToEnd;

/// <summary>
/// Two network namespaces of a test's own, joined by a pair of interfaces: what is sent at one end is seen at the other, and nothing else
/// is, since IPv6 is off and there are no addresses. Removed with the test.
/// </summary>
internal sealed partial class VethPair : IDisposable
{
    private static readonly Lazy<bool> s_works = new(Works);

    private readonly string _name = $"fm{Guid.NewGuid():N}"[..10];
    private PcapCapture _sender = null!;

    public VethPair()
    {
        Ip("netns", "add", Near);
        Ip("netns", "add", Far);
        Connect();
    }

    /// <summary>Makes the pair of interfaces.</summary>
    public void Connect()
    {
        Ip("-n", Near, "link", "add", "near0", "type", "veth", "peer", "name", Interface, "netns", Far);
        foreach ((string space, string end) in new[] { (Near, "near0"), (Far, Interface) })
        {
            In(space, "sysctl", "-qw", $"net.ipv6.conf.{end}.disable_ipv6=1").Finish();
            Ip("-n", space, "link", "set", end, "up");
        }

        _sender = Within(Near, () => SenderOn("near0"));
    }

    /// <summary>Removes the pair: the captured interface is gone.</summary>
    public void Disconnect()
    {
        _sender.Dispose();
        Ip("-n", Near, "link", "del", "near0");
    }

    /// <summary>Whether this machine lets a test make one.</summary>
    public static bool IsAvailable => s_works.Value;

    /// <summary>The interface to capture.</summary>
    public static string Interface => "far0";

    private string Near => _name + "a";

    private string Far => _name + "b";

    /// <summary>Starts the binary where the interface is.</summary>
    public Launched Capture(params string[] arguments) => In(Far, [FlowMeterBinary.Path!, "capture", "-i", Interface, .. arguments]);

    /// <summary>Starts the binary where the interface is, and has what it says on stderr go to a file, to be read meanwhile.</summary>
    public Launched CaptureTelling(string errors, params string[] arguments) =>
        In(
            Far,
            [
                "sh", "-c", "f=$1; shift; exec \"$@\" 2>\"$f\"", "sh", errors, FlowMeterBinary.Path!, "capture", "-i", Interface,
                .. arguments,
            ]);

    /// <summary>Starts any command where the interface is.</summary>
    public Launched Start(params string[] command) => In(Far, command);

    /// <summary>Starts a capture into a file and waits until it takes packets.</summary>
    public Launched CaptureInto(string path, params string[] arguments)
    {
        Launched process = Capture(["-o", path, .. arguments]);
        process.Await(() => File.Exists(path + ".partial"), "it captured");
        return process;
    }

    /// <summary>Sends frames, one after the other.</summary>
    public void Send(IEnumerable<byte[]> frames)
    {
        foreach (byte[] frame in frames)
        {
            SendFrom(_sender, frame);
        }
    }

    /// <summary>Sends a frame if the interfaces are up.</summary>
    public bool TrySend(byte[] frame) => _sender.TryInject(frame) == SendResult.Sent;

    /// <summary>Sends frames from the captured interface.</summary>
    public void SendBack(IEnumerable<byte[]> frames)
    {
        using PcapCapture sender = Within(Far, () => SenderOn(Interface));
        foreach (byte[] frame in frames)
        {
            SendFrom(sender, frame);
        }
    }

    /// <summary>Opens something, such as a capture, where the interface is.</summary>
    public T Open<T>(Func<T> open) => Within(Far, open);

    /// <summary>Takes up the loopback interface where the captured one is.</summary>
    public void UseLoopback() => Ip("-n", Far, "link", "set", "lo", "up");

    /// <summary>Sets the longest packet of both interfaces, bytes.</summary>
    public void SetMtu(int bytes)
    {
        Ip("-n", Near, "link", "set", "near0", "mtu", bytes.ToString(CultureInfo.InvariantCulture));
        Ip("-n", Far, "link", "set", Interface, "mtu", bytes.ToString(CultureInfo.InvariantCulture));
    }

    /// <summary>Gives both interfaces so many queues each way.</summary>
    public void SetQueues(int count)
    {
        string number = count.ToString(CultureInfo.InvariantCulture);
        In(Near, "ethtool", "-L", "near0", "tx", number, "rx", number).Finish().Succeeded();
        In(Far, "ethtool", "-L", Interface, "tx", number, "rx", number).Finish().Succeeded();
    }

    /// <summary>Takes the captured interface down or up.</summary>
    public void Set(string state) => Ip("-n", Far, "link", "set", Interface, state);

    public void Dispose()
    {
        _sender.Dispose();
        Ip("netns", "del", Near);
        Ip("netns", "del", Far);
    }

    private static PcapCapture SenderOn(string name)
    {
        PcapCapture sender = PcapCapture.Create(name);
        sender.SetBufferSize(1 << 16);
        sender.Activate();
        sender.SetFilter("less 1");
        return sender;
    }

    private static void SendFrom(PcapCapture sender, byte[] frame)
    {
        if (sender.TryInject(frame) != SendResult.Sent)
        {
            throw new InvalidOperationException(sender.LastError);
        }
    }

    private static void Ip(params string[] arguments) => Launched.Start("ip", arguments).Finish().Succeeded();

    private static Launched In(string space, params string[] command) => Launched.Start("ip", ["netns", "exec", space, .. command]);

    /// <summary>Runs on a thread that enters a namespace; sockets stay in the one they were opened in.</summary>
    private static T Within<T>(string space, Func<T> open)
    {
        T? result = default;
        Thread thread = new(() =>
        {
            using SafeFileHandle file = File.OpenHandle($"/run/netns/{space}");
            if (setns((int)file.DangerousGetHandle(), 0) == 0)
            {
                result = open();
            }
        });
        thread.Start();
        thread.Join();
        return result ?? throw new InvalidOperationException($"the namespace {space} can not be entered");
    }

    private static bool Works()
    {
        if (!OperatingSystem.IsLinux() || !Environment.IsPrivilegedProcess || !LibPcap.IsAvailable)
        {
            return false;
        }

        try
        {
            new VethPair().Dispose();
            return true;
        }
        catch (Exception e) when (e is Win32Exception or Xunit.Sdk.XunitException or InvalidOperationException or PcapException)
        {
            return false;
        }
    }

    [LibraryImport("libc")]
    private static partial int setns(int descriptor, int type);
}
