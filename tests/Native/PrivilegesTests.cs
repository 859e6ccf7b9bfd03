using System.Runtime.Versioning;
using FlowMeter.Native;
using FlowMeter.Tests.EndToEnd;

namespace FlowMeter.Tests.Native;

[SupportedOSPlatform("linux")]
public sealed class PrivilegesTests
{
    private const string NetRaw = "0000000000002000";
    private const string None = "0000000000000000";

    [RootFact]
    public void Every_thread_becomes_the_user_and_only_those_that_capture_keep_the_right_to()
    {
        UserAccount nobody = UserAccount.Find("nobody");
        Finished finished = Drop("nobody").Succeeded();
        Dictionary<string, string>[] threads =
            [.. finished.Output.Split('\n').Where(line => line.StartsWith("Name:", StringComparison.Ordinal)).Select(Fields)];
        Assert.True(threads.Length >= 4, $"{threads.Length} threads: the main one, two of the test, and the runtime's");
        foreach (Dictionary<string, string> thread in threads)
        {
            bool mayCapture = thread["Name"] == "after";
            Assert.Equal(string.Join('\t', Enumerable.Repeat(nobody.UserId, 4)), thread["Uid"]);
            Assert.Equal(string.Join('\t', Enumerable.Repeat(nobody.GroupId, 4)), thread["Gid"]);
            Assert.Equal($"{nobody.GroupId}", thread["Groups"]);
            Assert.Equal("1", thread["NoNewPrivs"]);
            Assert.Equal(mayCapture ? NetRaw : None, thread["CapPrm"]);
            Assert.Equal(mayCapture ? NetRaw : None, thread["CapEff"]);
            Assert.Equal(None, thread["CapInh"]);
            Assert.Equal(None, thread["CapAmb"]);

            // The debugger's threads were there before the test was.
            bool isKnown = thread["Pid"] == thread["Tgid"] || thread["Name"] is "before" or "after" or "late" or ".NET Finalizer";
            Assert.True(!isKnown || thread["CapBnd"] == None, thread["Name"]);
        }

        Assert.Contains(threads, thread => thread["Name"] == "before");
        Assert.Contains(threads, thread => thread["Name"] == "after");
        Assert.Contains(threads, thread => thread["Name"] == "late");
        Assert.Contains(threads, thread => thread["Name"] == ".NET Finalizer");
        Assert.Contains("write: False, True", finished.Output, StringComparison.Ordinal);
    }

    [RootFact]
    public void Root_is_not_a_user_to_drop_to() =>
        Assert.Contains("--user root: has all rights", Drop("root").EndedWith(1).OnlyLine(), StringComparison.Ordinal);

    [RootFact]
    public void Who_is_not_root_can_not_become_another_user()
    {
        // A copy that anybody may read: the folder of the build may be root's alone.
        using TemporaryFolder folder = new();
        Launched.Start("cp", "-R", AppContext.BaseDirectory, folder["tests"]).Finish().Succeeded();
        Launched.Start("chmod", "-R", "a+rX", folder.Path).Finish().Succeeded();
        string program = folder[$"tests/{Path.GetFileName(typeof(PrivilegesTests).Assembly.Location)}"];
        string[] command = ["--reuid=65534", "--regid=65534", "--clear-groups", "dotnet", "exec", program, "drop", "daemon", folder.Path];
        Assert.Contains(
            "only root may become another user", Launched.Start("setpriv", command).Finish().EndedWith(1).OnlyLine(),
            StringComparison.Ordinal);
    }

    [Fact]
    public void An_unknown_user_is_said_in_one_line()
    {
        PrivilegeException unknown = Assert.Throws<PrivilegeException>(() => UserAccount.Find("no-such-user"));
        Assert.Equal(
            "--user no-such-user: there is no such user; make one (useradd --system no-such-user) or name another.", unknown.Message);
    }

    [Fact]
    public void Root_is_user_0() => Assert.Equal(0u, UserAccount.Find("root").UserId);

    private static Finished Drop(string user)
    {
        using TemporaryFolder folder = new();
        Directory.CreateDirectory(folder["closed"]);
        Directory.CreateDirectory(folder["open"]);
        Launched.Start("chmod", "0755", folder.Path, folder["closed"]).Finish().Succeeded();
        Launched.Start("chmod", "0777", folder["open"]).Finish().Succeeded();
        return Launched.Start("dotnet", "exec", typeof(PrivilegesTests).Assembly.Location, "drop", user, folder.Path).Finish();
    }

    private static Dictionary<string, string> Fields(string status) =>
        status.Split(';', StringSplitOptions.RemoveEmptyEntries).Select(line => line.Split(':', 2)).ToDictionary(
            field => field[0], field => field[1].Trim());
}
