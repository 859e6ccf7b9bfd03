using FlowMeter.Native;
using FlowMeter.Tests.EndToEnd;

namespace FlowMeter.Tests.Native;

public sealed class ControlGroupTests : IDisposable
{
    private const string Unlimited = "9223372036854771712";
    private readonly TemporaryFolder _root = new();

    public void Dispose() => _root.Dispose();

    [Theory]
    [InlineData("max", "max", "max", null)]
    [InlineData("max", "1000000", "max", 1000000L)]
    [InlineData("5000", "1000000", "max", 5000L)]
    [InlineData("max", "1000000", "70", 70L)]
    public void The_smallest_limit_up_to_the_root_counts(string top, string middle, string own, long? limit)
    {
        Process("0::/a/b\n");
        Write("sys/fs/cgroup/cgroup.procs", "");
        Write("sys/fs/cgroup/memory.max", top);
        Write("sys/fs/cgroup/a/memory.max", middle);
        Write("sys/fs/cgroup/a/b/memory.max", own);
        Assert.Equal((limit, false), ControlGroup.MemoryLimit(_root.Path));
    }

    [Theory]
    [InlineData("70000", 70000L)]
    [InlineData(Unlimited, null)]
    public void Version_1_bounds_memory_where_it_has_the_controller(string own, long? limit)
    {
        Process("5:cpu,memory:/c\n1:cpuset:/x\n0::/a/b\n");
        Write("sys/fs/cgroup/memory/cgroup.procs", "");
        Write("sys/fs/cgroup/memory/memory.limit_in_bytes", Unlimited);
        Write("sys/fs/cgroup/memory/c/memory.limit_in_bytes", own);
        Assert.Equal((limit, false), ControlGroup.MemoryLimit(_root.Path));
    }

    [Theory]
    [InlineData("1")]
    [InlineData("77")]
    public void Where_the_mount_is_hidden_that_of_init_or_the_parent_is_asked(string process)
    {
        Process("0::/a\n");
        Write($"proc/{process}/root/sys/fs/cgroup/unified/cgroup.procs", "");
        Write($"proc/{process}/root/sys/fs/cgroup/unified/a/memory.max", "4096");
        Assert.Equal((4096, false), ControlGroup.MemoryLimit(_root.Path));
    }

    [Theory]
    [InlineData("0::/a\n", true)]
    [InlineData("0::/\n", false)]
    [InlineData("", false)]
    public void A_group_that_nobody_shows_is_said_to_be_hidden(string groups, bool isHidden)
    {
        Process(groups);
        Assert.Equal((null, isHidden), ControlGroup.MemoryLimit(_root.Path));
    }

    private void Process(string groups)
    {
        Write("proc/self/cgroup", groups);
        Write("proc/self/status", "Name:\tx\nPPid:\t77\n");
    }

    private void Write(string path, string text)
    {
        string file = Path.Combine(_root.Path, path);
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        File.WriteAllText(file, text);
    }
}
