using System.Globalization;
using System.Runtime.InteropServices;
using System.Runtime.Versioning;

namespace FlowMeter.Native;

/// <summary>Gives up the rights a process was started with, for good and in all of its threads.</summary>
[SupportedOSPlatform("linux")]
public static unsafe partial class Privileges
{
    private const int SetKeepCapabilities = 8;
    private const int SetNoNewPrivileges = 38;
    private const int WriteAndEnter = 2 | 1;
    private const string Tasks = "/proc/self/task";
    private const int MostTries = 500;
    private const int PauseMs = 10;

    /// <summary>
    /// Sees to it that no program that the calling thread, or one that it starts from now on, could start has any capability. It starts
    /// none; whoever takes it over might.
    /// </summary>
    public static void DropBoundingSet() => Capabilities.DropBoundingSet();

    /// <summary>
    /// Leaves the calling thread, the runtime's finalizer, and the threads that either starts from now on, with no capability; root keeps
    /// all.
    /// </summary>
    public static void LeaveToOthers()
    {
        if (!Environment.IsPrivilegedProcess)
        {
            _ = Capabilities.KeepOnly(0);
            FinalizerThread.Run(() => _ = Capabilities.KeepOnly(0));
        }
    }

    /// <summary>
    /// Becomes <paramref name="user"/>, with the user's groups and no way back, in all threads. The calling thread and those it starts from
    /// now on keep CAP_NET_RAW if it was there, and nothing else: an interface that comes back has to be opened again. Every other thread
    /// is left with no capability. So call it before the threads that capture are started.
    /// </summary>
    /// <exception cref="PrivilegeException">
    /// The process is not allowed to, or the user is root. The process should end then: it may have lost some of its rights.
    /// </exception>
    public static void DropTo(UserAccount user)
    {
        ArgumentNullException.ThrowIfNull(user);
        string option = $"--user {user.Name}";
        if (user.UserId == 0)
        {
            throw new PrivilegeException($"{option}: has all rights, so nothing would be given up; name a user without any.");
        }

        // What the calling thread has dropped at its start, those that were there before have not.
        FinalizerThread.Run(Capabilities.DropBoundingSet);

        // The flag is the thread's own: the runtime's other threads lose all they have when the user changes.
        ulong kept = Capabilities.PermittedNetRaw;
        Require(prctl(SetKeepCapabilities, kept != 0 ? 1u : 0, 0, 0, 0), option);

        // libc's functions, not the system calls: these change one thread, those all of them. Groups first: afterwards there is no right
        // to.
        Require(initgroups(user.Name, user.GroupId), option);
        Require(setresgid(user.GroupId, user.GroupId, user.GroupId), option);
        Require(setresuid(user.UserId, user.UserId, user.UserId), option);
        Require(Capabilities.KeepOnly(kept) ? 0 : -1, option);
        Require(prctl(SetKeepCapabilities, 0, 0, 0, 0), option);
        Require(prctl(SetNoNewPrivileges, 1, 0, 0, 0), option);
        SeccompFilter.SpreadNoNewPrivileges();
        Verify(user, option);
    }

    /// <summary>
    /// Makes sure that <paramref name="user"/>, whom the process has become, may finish the file of a path: it gets its name at the end.
    /// </summary>
    /// <exception cref="PrivilegeException">The user may not write in its folder.</exception>
    public static void RequireFolder(UserAccount user, string path)
    {
        string folder = Path.GetDirectoryName(Path.GetFullPath(path)) ?? "/";
        if (!MayWriteIn(folder))
        {
            throw new PrivilegeException($"--user {user.Name}: may not write in {folder}, where {Path.GetFileName(path)} is to appear; "
                + $"give the folder to that user (chown {user.Name} {folder}) or name another.");
        }
    }

    /// <summary>Whether this process, as the user it is, may make and rename files in a folder.</summary>
    public static bool MayWriteIn(string folder) => access(folder, WriteAndEnter) == 0;

    /// <summary>A right that was not given up everywhere is not given up: the kernel's own word on every thread, or an end.</summary>
    private static void Verify(UserAccount user, string option)
    {
        // libc passes over a thread that is about to end, which on a busy machine may be there for a while.
        for (int tries = 0; !AllAre(user); tries++)
        {
            if (tries == MostTries)
            {
                throw new PrivilegeException($"{option}: this system does not let a thread give up its rights; start as {user.Name} "
                    + "instead, with the capability cap_net_raw.");
            }

            Thread.Sleep(PauseMs);
        }
    }

    private static bool AllAre(UserAccount user)
    {
        foreach (string task in Directory.Exists(Tasks) ? Directory.GetDirectories(Tasks) : [])
        {
            string[] status;
            try
            {
                status = File.ReadAllLines(Path.Join(task, "status"));
            }
            catch (IOException)
            {
                // The thread has ended.
                continue;
            }

            if (!Has(status, "Uid:", user.UserId, 4) || !Has(status, "Gid:", user.GroupId, 4) || !Has(status, "NoNewPrivs:", 1, 1))
            {
                return false;
            }
        }

        return true;
    }

    private static bool Has(string[] status, string name, uint value, int times)
    {
        string expected = string.Concat(Enumerable.Repeat('\t' + value.ToString(CultureInfo.InvariantCulture), times));
        return status.Contains(name + expected);
    }

    private static void Require(int status, string option)
    {
        if (status != 0)
        {
            string reason = Marshal.GetPInvokeErrorMessage(Marshal.GetLastPInvokeError());
            throw new PrivilegeException(
                $"{option}: the system refuses ({reason}); only root may become another user. Whoever is not root needs no --user.");
        }
    }

    [LibraryImport("libc", SetLastError = true)]
    private static partial int prctl(int option, nuint argument2, nuint argument3, nuint argument4, nuint argument5);

    [LibraryImport("libc", StringMarshalling = StringMarshalling.Utf8, SetLastError = true)]
    private static partial int initgroups(string user, uint group);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int setresgid(uint real, uint effective, uint saved);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int setresuid(uint real, uint effective, uint saved);

    [LibraryImport("libc", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int access(string path, int mode);
}
