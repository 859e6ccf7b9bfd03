using System.ComponentModel;
using FlowMeter.Tests.Brokers;
using FlowMeter.Tests.Native;
using FlowMeter.Tests.Support;

namespace FlowMeter.Tests.EndToEnd;

/// <summary>Finds out, once, what the machine offers the tests.</summary>
internal static class Available
{
    private static readonly Lazy<bool> s_mount = new(() => Succeeds(
        "unshare", "-m", "sh", "-c", "d=$(mktemp -d) && mount -t tmpfs -o size=64k tmpfs $d; r=$?; umount $d; rmdir $d; exit $r"));
    private static readonly Lazy<bool> s_bash = new(() => Succeeds("bash", "-c", "true"));
    private static readonly Lazy<bool> s_strace = new(() => Succeeds("strace", "-o", "/dev/null", "true"));
    private static readonly Lazy<bool> s_setpriv = new(
        () => Environment.IsPrivilegedProcess && Succeeds("setpriv", "--reuid=65534", "--regid=65534", "--clear-groups", "true"));

    /// <summary>Why a test can not run here; null if it can.</summary>
    public static string? WhyNot(Need needs)
    {
        if (FlowMeterBinary.Path == null)
        {
            return "FLOWMETER_BINARY does not name the native binary; scripts/test does that.";
        }

        return Missing(needs, Need.SharedFolder, SharedFolder.Path != null, "the shared folder is not beside this repository")
            ?? Missing(needs, Need.Root, s_setpriv.Value, "not root, or there is no setpriv command")
            ?? Missing(needs, Need.Mount, s_mount.Value, "no right to mount a tmpfs in a namespace of its own")
            ?? Missing(needs, Need.Zstandard, ZstandardCommand.IsAvailable, "there is no zstd command")
            ?? Missing(
                needs, Need.Network, !needs.HasFlag(Need.Network) || VethPair.IsAvailable,
                "no right to make network namespaces, no ip command, or no libpcap")
            ?? Missing(needs, Need.Bash, s_bash.Value, "there is no bash")
            ?? Missing(needs, Need.Tcpdump, HasCommand("tcpdump"), "there is no tcpdump")
            ?? Missing(needs, Need.Curl, HasCommand("curl"), "there is no curl")
            ?? Missing(needs, Need.Script, HasCommand("script"), "there is no script")
            ?? Missing(needs, Need.Compiler, HasCommand("cc"), "there is no cc")
            ?? Missing(needs, Need.Strace, !needs.HasFlag(Need.Strace) || s_strace.Value, "there is no strace, or no right to trace")
            ?? Missing(needs, Need.Python, HasCommand("python3"), "there is no python3")
            ?? Missing(needs, Need.Nats, HasCommand("nats-server"), "there is no nats-server")
            ?? Missing(needs, Need.Kafka, KafkaFactAttribute.WhyNot == null, KafkaFactAttribute.WhyNot ?? "")
            ?? Missing(needs, Need.Nfdump, HasCommand("nfcapd") && HasCommand("nfdump"), "there is no nfdump")
            ?? Missing(needs, Need.Pmacct, HasCommand("nfacctd"), "there is no nfacctd")
            ?? Missing(needs, Need.Fixbuf, HasCommand("ipfixDump"), "there is no ipfixDump")
            ?? Missing(needs, Need.OpenSsl, HasCommand("openssl"), "there is no openssl")
            ?? Missing(needs, Need.Library, SharedLibrary.Location != null, "there is no libflowmeter.so beside the binary")
            ?? Missing(needs, Need.Pandas, !needs.HasFlag(Need.Pandas) || SharedLibrary.Python != null, "there is no python3 with pandas")
            ?? (needs.HasFlag(Need.Xdp) ? XdpFactAttribute.WhyNot : null)
            ?? (needs.HasFlag(Need.Arm64) ? ForeignBinary.Arm64.WhyNot : null)
            ?? (needs.HasFlag(Need.Windows) ? ForeignBinary.Windows.WhyNot : null)
            ?? (needs.HasFlag(Need.Browser) ? BrowserDriver.WhyNot : null)
            ?? Missing(needs, Need.Debian, HasCommand("dpkg-deb"), "there is no dpkg-deb");
    }

    /// <summary>Whether a command can be found.</summary>
    public static bool HasCommand(string name) =>
        (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator).Any(folder => File.Exists(Path.Join(folder, name)));

    private static string? Missing(Need needs, Need need, bool isThere, string reason) => needs.HasFlag(need) && !isThere ? reason : null;

    private static bool Succeeds(string command, params string[] arguments)
    {
        try
        {
            return Launched.Start(command, arguments).Finish().ExitCode == 0;
        }
        catch (Win32Exception)
        {
            return false;
        }
    }
}
