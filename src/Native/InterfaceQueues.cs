using System.Runtime.InteropServices;
using System.Runtime.Versioning;
using System.Text;

namespace FlowMeter.Native;

/// <summary>Receive queues of an interface (ethtool(8), channels), and whether it is the one that the default route goes by.</summary>
[SupportedOSPlatform("linux")]
public static unsafe partial class InterfaceQueues
{
    private const int NameLength = 16;
    private const int RequestLength = 40;
    private const nuint AskEthtool = 0x8946;
    private const uint GetChannels = 0x3c;
    private const int LocalFamily = 1;
    private const int Datagrams = 2;
    private const uint Reject = 0x200;

    /// <summary>How many queues the interface receives on; 1 where the driver does not say.</summary>
    public static int Count(string @interface)
    {
        ArgumentNullException.ThrowIfNull(@interface);
        Channels channels = new() { Command = GetChannels };
        byte* request = stackalloc byte[RequestLength];
        new Span<byte>(request, RequestLength).Clear();
        int descriptor = socket(LocalFamily, Datagrams, 0);
        if (descriptor < 0 || !Encoding.UTF8.TryGetBytes(@interface, new Span<byte>(request, NameLength - 1), out _))
        {
            return 1;
        }

        *(Channels**)(request + NameLength) = &channels;
        int status = ioctl(descriptor, AskEthtool, request);
        _ = close(descriptor);
        return status == 0 ? (int)Math.Max(1, channels.Received + channels.Combined) : 1;
    }

    /// <summary>Whether this machine reaches others by the interface, by IPv4 or IPv6.</summary>
    public static bool HasDefaultRoute(string @interface) =>
        Lines("/proc/thread-self/net/route").Any(fields =>
            fields is [var name, "00000000", _, _, _, _, _, "00000000", ..] && name == @interface)
        || Lines("/proc/thread-self/net/ipv6_route").Any(fields =>
            fields is [_, "00", _, _, _, _, _, _, var flags, var name] && fields[0].All(digit => digit == '0') && name == @interface
            && (Convert.ToUInt32(flags, 16) & Reject) == 0);

    private static string[][] Lines(string path)
    {
        try
        {
            return [.. File.ReadAllLines(path).Select(line => line.Split((char[])[' ', '\t'], StringSplitOptions.RemoveEmptyEntries))];
        }
        catch (IOException)
        {
            // A system without that family.
            return [];
        }
    }

    [LibraryImport("libc")]
    private static partial int socket(int family, int type, int protocol);

    [LibraryImport("libc")]
    private static partial int ioctl(int descriptor, nuint request, byte* argument);

    [LibraryImport("libc")]
    private static partial int close(int descriptor);

    // struct ethtool_channels
    [StructLayout(LayoutKind.Sequential)]
    private struct Channels
    {
        public uint Command;
        public uint MostReceived;
        public uint MostSent;
        public uint MostOther;
        public uint MostCombined;
        public uint Received;
        public uint Sent;
        public uint Other;
        public uint Combined;
    }
}
