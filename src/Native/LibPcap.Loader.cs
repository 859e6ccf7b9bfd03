namespace FlowMeter.Native;

public static unsafe partial class LibPcap
{
    // The name a statically linked build gives to DirectPInvoke; there the resolver below is never asked.
    internal const string Library = "pcap";

    private const string Missing =
        "libpcap was not found. Reading savefiles works without it; capturing and filter expressions need it. "
        + "Install it (Debian and Ubuntu: apt install libpcap0.8; Fedora: dnf install libpcap; "
        + "Windows: Npcap from https://npcap.com; macOS has it).";

    private static nint _library;

    static LibPcap() => ImportResolver.Install();

    /// <summary>Whether libpcap can be loaded on this machine. The first call loads it.</summary>
    public static bool IsAvailable => Version is not null;

    /// <summary>What libpcap says of itself, such as "libpcap version 1.10.3 (with TPACKET_V3)"; null where there is none.</summary>
    public static string? Version
    {
        get
        {
            try
            {
                return Text(pcap_lib_version());
            }
            catch (PcapException)
            {
                return null;
            }
        }
    }

    /// <summary>Whether libpcap is part of this program. It is if its functions answer though no library was ever asked for.</summary>
    public static bool IsBuiltIn => IsAvailable && _library == 0;

    // libpcap.so.1 is the name upstream and Red Hat give, libpcap.so.0.8 Debian's; the bare name comes with the development package only.
    private static string[] Names =>
        OperatingSystem.IsWindows() ? [Path.Combine(Environment.SystemDirectory, "Npcap", "wpcap.dll"), "wpcap.dll"]
        : OperatingSystem.IsMacOS() ?
        [
            "libpcap.dylib", "/usr/lib/libpcap.A.dylib",
            "/opt/homebrew/opt/libpcap/lib/libpcap.dylib", "/usr/local/opt/libpcap/lib/libpcap.dylib",
        ]
        : ["libpcap.so.1", "libpcap.so.0.8", "libpcap.so"];

    /// <summary>
    /// The loaded library. The resolver asks once per function, so the handle is kept; two threads at once get the same one.
    /// </summary>
    /// <exception cref="PcapException">There is none; the message says what to install.</exception>
    internal static nint Load() => _library != 0 ? _library : _library = Load(Names);

    internal static nint Load(ReadOnlySpan<string> names)
    {
        nint library = ImportResolver.LoadFirst(names);
        return library != 0 ? library : throw new PcapException(Missing);
    }
}
