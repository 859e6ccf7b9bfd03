using System.Runtime.Versioning;
using FlowMeter.Native;

namespace FlowMeter.Tests.Native;

/// <summary>
/// Gives up rights in a process with several threads and prints, for each thread, what the kernel says of it. Runs as a child of
/// <see cref="PrivilegesTests"/>.
/// </summary>
[SupportedOSPlatform("linux")]
internal static class PrivilegeDrop
{
    /// <param name="user">Whom to become.</param>
    /// <param name="folder">Has a folder <c>open</c> to all and one <c>closed</c> to that user.</param>
    public static int Run(string user, string folder)
    {
        Directory.SetCurrentDirectory(folder);
        Privileges.DropBoundingSet();
        using ManualResetEvent isOver = new(false);
        Start("before", isOver);
        try
        {
            Privileges.DropTo(UserAccount.Find(user));
        }
        catch (PrivilegeException e)
        {
            Console.Error.WriteLine(e.Message);
            return 1;
        }

        Start("after", isOver);
        Privileges.LeaveToOthers();
        Start("late", isOver);
        foreach (string task in Directory.GetDirectories("/proc/self/task").Order())
        {
            Console.WriteLine(File.ReadAllText(Path.Join(task, "status")).Replace('\n', ';'));
        }

        // Seen from the folder they are in: what lies above it is the machine's, and may be closed.
        Console.WriteLine($"write: {Privileges.MayWriteIn("closed")}, {Privileges.MayWriteIn("open")}");
        isOver.Set();
        return 0;
    }

    private static void Start(string name, WaitHandle isOver)
    {
        using ManualResetEvent isRunning = new(false);
        Thread thread = new(() =>
        {
            isRunning.Set();
            isOver.WaitOne();
        })
        { Name = name, IsBackground = true };
        thread.Start();
        isRunning.WaitOne();
    }
}
