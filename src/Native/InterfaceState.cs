using System.Runtime.InteropServices;
using System.Text;

namespace FlowMeter.Native;

/// <summary>Whether a network interface is there and up, asked of the system each time.</summary>
public static unsafe partial class InterfaceState
{
    private const int NameLength = 16;
    private const int RequestLength = 40;
    private const short Up = 1;
    private const int LocalFamily = 1;
    private const int InternetFamily = 2;
    private const int Datagrams = 2;

    // SIOCGIFFLAGS.
    private static readonly nuint s_getFlags = OperatingSystem.IsMacOS() ? 0xC0206911 : 0x8913;

    /// <summary>Whether the interface exists and is configured up. True where the system can not say, and for the device "any".</summary>
    public static bool IsUp(string name) => Flags(name) is { } flags && (flags & Up) != 0;

    /// <summary>
    /// Whether the system has an interface of that name; libpcap has others of its own, such as nflog. True where the system can not say,
    /// and for the device "any".
    /// </summary>
    public static bool Exists(string name) => Flags(name) != null;

    private static short? Flags(string name)
    {
        if (OperatingSystem.IsWindows() || name == "any" || Encoding.UTF8.GetByteCount(name) >= NameLength)
        {
            return Up;
        }

        // Linux asks any socket: one that reaches nobody is left to a sandbox.
        int descriptor = socket(OperatingSystem.IsLinux() ? LocalFamily : InternetFamily, Datagrams, 0);
        if (descriptor < 0)
        {
            return Up;
        }

        // struct ifreq: the name, then the flags.
        byte* request = stackalloc byte[RequestLength];
        new Span<byte>(request, RequestLength).Clear();
        Encoding.UTF8.GetBytes(name, new Span<byte>(request, NameLength));
        int status = ioctl(descriptor, s_getFlags, request);
        _ = close(descriptor);
        return status == 0 ? *(short*)(request + NameLength) : null;
    }

    [LibraryImport("libc")]
    private static partial int socket(int family, int type, int protocol);

    [LibraryImport("libc")]
    private static partial int ioctl(int descriptor, nuint request, byte* argument);

    [LibraryImport("libc")]
    private static partial int close(int descriptor);
}
