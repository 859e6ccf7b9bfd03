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
    public static int Run(string user)
    {
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

        Console.WriteLine($"write: {Privileges.MayWriteIn("/")}, {Privileges.MayWriteIn("/tmp")}");
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
