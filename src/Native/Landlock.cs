using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace FlowMeter.Native;

/// <summary>
/// Rules of Landlock, landlock(7): which files a thread, and those it starts, may still open. Nothing that is open is affected. Rules can
/// not be taken back.
/// </summary>
internal sealed unsafe partial class Landlock : IDisposable
{
    private const int CreateRuleset = 444;
    private const int AddRule = 445;
    private const int RestrictSelf = 446;
    private const int VersionOnly = 1;
    private const int PathBeneath = 1;
    private const int NetworkPort = 2;
    private const int SynchronizeThreads = 1 << 3;

    private const ulong WriteFile = 1 << 1;
    private const ulong ReadFile = 1 << 2;
    private const ulong ReadFolder = 1 << 3;
    private const ulong RemoveFile = 1 << 5;
    private const ulong MakeFile = 1 << 8;
    private const ulong Truncate = 1 << 14;
    private const ulong DeviceControl = 1 << 15;
    private const ulong ConnectTcp = 2;
    private const ulong BindAndConnectTcp = 1 | ConnectTcp;

    private readonly SafeFileHandle _ruleset;
    private readonly ulong _handled;

    private Landlock(SafeFileHandle ruleset, ulong handled)
    {
        _ruleset = ruleset;
        _handled = handled;
    }

    /// <summary>The version of the kernel's Landlock; 0 where it has none.</summary>
    public static int Version => (int)Math.Max(syscall(CreateRuleset, 0, 0, VersionOnly), 0);

    /// <summary>Rules that allow no file at all, and no TCP connection and port, so far; null where the kernel has no Landlock.</summary>
    public static Landlock? TryCreate()
    {
        int version = Version;
        if (version == 0)
        {
            return null;
        }

        // What later versions know is asked for only there: 13 rights, then REFER, TRUNCATE and IOCTL_DEV.
        ulong handled = version >= 5 ? 0xffff : version >= 3 ? 0x7fff : version == 2 ? 0x3fff : 0x1ffful;
        Ruleset attributes = new() { Files = handled, Network = version >= 4 ? BindAndConnectTcp : 0 };
        nint size = version >= 4 ? sizeof(Ruleset) : sizeof(ulong);
        nint descriptor = syscall(CreateRuleset, (nint)(&attributes), size, 0);
        return descriptor < 0 ? null : new Landlock(new SafeFileHandle(descriptor, ownsHandle: true), handled);
    }

    /// <summary>Lets files be made, written, renamed and deleted in a folder. Returns whether the kernel does.</summary>
    public bool AllowFolder(string path) =>
        Allow(path, ReadFile | WriteFile | ReadFolder | RemoveFile | MakeFile | Truncate);

    /// <summary>Lets a file, or the files of a folder, be written, but none be made. Returns whether the kernel does.</summary>
    public bool AllowWriting(string path) =>
        Allow(path, ReadFile | WriteFile | Truncate | DeviceControl | (Directory.Exists(path) ? ReadFolder : 0));

    /// <summary>Lets a file, or a folder and all below it, be read. Returns whether the kernel does.</summary>
    public bool AllowReading(string path) => Allow(path, Directory.Exists(path) ? ReadFile | ReadFolder : ReadFile);

    /// <summary>Lets a TCP port be connected to, of any machine. Returns whether the kernel does, or has no say in it.</summary>
    public bool AllowConnecting(ushort port)
    {
        Port rule = new() { Rights = ConnectTcp, Number = port };
        return Version < 4 || syscall4(AddRule, _ruleset.DangerousGetHandle(), NetworkPort, (nint)(&rule), 0) == 0;
    }

    /// <summary>
    /// Puts the rules in force for the calling thread and those it starts; it must not be able to gain rights any more. Returns whether the
    /// kernel does so, and whether for all threads.
    /// </summary>
    public (bool IsInForce, bool IsEverywhere) Restrict(bool everywhere)
    {
        nint rules = _ruleset.DangerousGetHandle();
        return everywhere && Version >= 8 && syscall(RestrictSelf, rules, SynchronizeThreads, 0) == 0
            ? (true, true)
            : (syscall(RestrictSelf, rules, 0, 0) == 0, false);
    }

    /// <inheritdoc/>
    public void Dispose() => _ruleset.Dispose();

    private bool Allow(string path, ulong rights)
    {
        const int PathOnly = 0x20_0000;
        const int CloseOnExecute = 0x8_0000;
        const int Interrupted = 4;
        SafeFileHandle opened = open(path, PathOnly | CloseOnExecute);
        while (opened.IsInvalid && Marshal.GetLastPInvokeError() == Interrupted)
        {
            opened = open(path, PathOnly | CloseOnExecute);
        }

        using SafeFileHandle place = opened;
        if (place.IsInvalid)
        {
            return false;
        }

        Beneath beneath = new() { Rights = rights & _handled, Place = (int)place.DangerousGetHandle() };
        return syscall4(AddRule, _ruleset.DangerousGetHandle(), PathBeneath, (nint)(&beneath), 0) == 0;
    }

    [LibraryImport("libc")]
    private static partial nint syscall(nint number, nint first, nint second, nint third);

    [LibraryImport("libc", EntryPoint = "syscall")]
    private static partial nint syscall4(nint number, nint first, nint second, nint third, nint fourth);

    [LibraryImport("libc", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial SafeFileHandle open(string path, int flags);

    [StructLayout(LayoutKind.Sequential)]
    private struct Ruleset
    {
        public ulong Files;
        public ulong Network;
    }

    [StructLayout(LayoutKind.Sequential)]
    private struct Port
    {
        public ulong Rights;
        public ulong Number;
    }

    [StructLayout(LayoutKind.Sequential, Pack = 1)]
    private struct Beneath
    {
        public ulong Rights;
        public int Place;
    }
}
