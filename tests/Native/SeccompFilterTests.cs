using System.Buffers.Binary;
using System.Runtime.InteropServices;
using FlowMeter.Native;

namespace FlowMeter.Tests.Native;

/// <summary>The filters of system calls for both processors, run as the kernel defines their instructions.</summary>
public sealed class SeccompFilterTests
{
    private const uint Process = 4711;
    private const uint Allow = 0x7fff0000;
    private const uint Refuse = 0x00050001;

    private static readonly Dictionary<Architecture, uint> s_marks =
        new() { [Architecture.X64] = 0xc000003e, [Architecture.Arm64] = 0xc00000b7 };

    [Theory]
    [InlineData("read", 0, 63)]
    [InlineData("openat", 257, 56)]
    [InlineData("futex", 202, 98)]
    [InlineData("clone of a thread", 56, 220, 0x3d0f00)]
    [InlineData("ioctl TIOCGWINSZ", 16, 29, 1, 0x5413)]
    [InlineData("prctl PR_SET_NAME", 157, 167, 15)]
    [InlineData("tgkill of the process", 234, 131, Process)]
    [InlineData("prlimit64 of the process", 302, 261, 0)]
    public void What_a_run_does_is_allowed(string call, int x64, int arm64, long first = 0, long second = 0)
    {
        foreach (SystemCallScope scope in Enum.GetValues<SystemCallScope>())
        {
            AssertAnswer(Allow, call, scope, x64, arm64, first, second);
        }
    }

    [Theory]
    [InlineData("execve", 59, 221)]
    [InlineData("execveat", 322, 281)]
    [InlineData("ptrace", 101, 117)]
    [InlineData("process_vm_readv", 310, 270)]
    [InlineData("process_vm_writev", 311, 271)]
    [InlineData("pidfd_getfd", 438, 438)]
    [InlineData("bpf", 321, 280)]
    [InlineData("keyctl", 250, 219)]
    [InlineData("io_uring_setup", 425, 425)]
    [InlineData("userfaultfd", 323, 282)]
    [InlineData("perf_event_open", 298, 241)]
    [InlineData("mount", 165, 40)]
    [InlineData("open_by_handle_at", 304, 265)]
    [InlineData("unshare", 272, 97)]
    [InlineData("setns", 308, 268)]
    [InlineData("chroot", 161, 51)]
    [InlineData("init_module", 175, 105)]
    [InlineData("finit_module", 313, 273)]
    [InlineData("kexec_load", 246, 104)]
    [InlineData("reboot", 169, 142)]
    [InlineData("setuid", 105, 146)]
    [InlineData("capset", 126, 91)]
    [InlineData("symlinkat", 266, 36)]
    [InlineData("fchmodat", 268, 53)]
    [InlineData("mknodat", 259, 33)]
    [InlineData("listen", 50, 201)]
    [InlineData("socket AF_VSOCK", 41, 198, 40)]
    [InlineData("clone of a process", 56, 220, 17)]
    [InlineData("clone of a thread in a user namespace", 56, 220, 0x10010000)]
    [InlineData("ioctl TIOCSTI", 16, 29, 0, 0x5412)]
    [InlineData("ioctl TIOCLINUX", 16, 29, 0, 0x541c)]
    [InlineData("ioctl SIOCSIFFLAGS", 16, 29, 0, 0x8914)]
    [InlineData("prctl PR_SET_DUMPABLE", 157, 167, 4)]
    [InlineData("prctl PR_SET_MM", 157, 167, 35)]
    [InlineData("kill of another process", 62, 129, 1)]
    [InlineData("tgkill of another process", 234, 131, 1)]
    [InlineData("prlimit64 of another process", 302, 261, 1)]
    [InlineData("a call that is not made yet", 1000, 1000)]
    public void What_no_run_does_is_refused(string call, int x64, int arm64, long first = 0, long second = 0)
    {
        foreach (SystemCallScope scope in Enum.GetValues<SystemCallScope>())
        {
            AssertAnswer(Refuse, call, scope, x64, arm64, first, second);
        }
    }

    [Theory]
    [InlineData("socket AF_UNIX", 41, 198, 1)]
    [InlineData("socket AF_NETLINK", 41, 198, 16)]
    [InlineData("socket AF_PACKET", 41, 198, 17)]
    [InlineData("bind", 49, 200)]
    [InlineData("accept4", 288, 242)]
    [InlineData("setsockopt", 54, 208)]
    [InlineData("ioctl SIOCGIFFLAGS", 16, 29, 0, 0x8913)]
    [InlineData("sendto no address", 44, 206)]
    public void Packet_sockets_are_for_captures(string call, int x64, int arm64, long first = 0, long second = 0)
    {
        AssertAnswer(Allow, call, SystemCallScope.Capture, x64, arm64, first, second);
        AssertAnswer(Refuse, call, SystemCallScope.Files, x64, arm64, first, second);
    }

    [Theory]
    [InlineData("connect", 42, 203)]
    [InlineData("socket AF_INET", 41, 198, 2)]
    [InlineData("socket AF_INET6", 41, 198, 10)]
    public void Connections_are_for_runs_with_a_broker(string call, int x64, int arm64, long first = 0)
    {
        AssertAnswer(Allow, call, SystemCallScope.CaptureToBroker, x64, arm64, first);
        AssertAnswer(Allow, call, SystemCallScope.CaptureToCluster, x64, arm64, first);
        AssertAnswer(Refuse, call, SystemCallScope.Capture, x64, arm64, first);
        AssertAnswer(Refuse, call, SystemCallScope.Files, x64, arm64, first);
    }

    [Theory]
    [InlineData("sendmsg", 46, 211)]
    [InlineData("sendmmsg", 307, 269)]
    public void Messages_are_for_runs_that_look_names_up(string call, int x64, int arm64)
    {
        foreach (SystemCallScope scope in Enum.GetValues<SystemCallScope>())
        {
            AssertAnswer(scope == SystemCallScope.CaptureToCluster ? Allow : Refuse, call, scope, x64, arm64);
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(1L << 32)]
    public void Nothing_is_sent_to_an_address(long address) =>
        AssertAnswer(Refuse, "sendto", SystemCallScope.CaptureToBroker, 44, 206, 3, 0, 0, 0, address);

    /// <summary>What reads the flags falls back to a call of which the filter can.</summary>
    [Fact]
    public void Threads_are_made_by_a_call_whose_flags_can_be_seen() =>
        AssertAnswer(0x00050026, "clone3", SystemCallScope.Files, 435, 435);

    [Theory]
    [InlineData(0x40000003u, 3u)]
    [InlineData(0xc000003eu, 0x40000000u)]
    [InlineData(0xc000003eu, 0x40000001u)]
    [InlineData(0xc00000b7u, 0u)]
    public void Other_numberings_are_refused(uint mark, uint number) => Assert.Equal(
        Refuse, Run(SeccompFilter.Program(SystemCallScope.Capture, Architecture.X64, Process), mark, number, []));

    [Theory]
    [InlineData(Architecture.X64)]
    [InlineData(Architecture.Arm64)]
    public void Every_call_has_a_number_of_its_own(Architecture processor)
    {
        uint[] numbers =
            [.. SystemCalls.Allowed(SystemCallScope.CaptureToCluster).Select(call => call.On(processor)).OfType<uint>()];
        Assert.InRange(numbers.Length, 80, 120);
        Assert.Equal(numbers.Distinct().Order(), numbers.Order());
    }

    private static void AssertAnswer(uint answer, string call, SystemCallScope scope, int x64, int arm64, params long[] arguments)
    {
        foreach ((Architecture processor, int number) in new[] { (Architecture.X64, x64), (Architecture.Arm64, arm64) })
        {
            BpfInstruction[] program = SeccompFilter.Program(scope, processor, Process);
            uint given = Run(program, s_marks[processor], (uint)number, arguments);
            Assert.True(answer == given, $"{call} of {scope} on {processor}: {given:x8}");
        }
    }

    /// <summary>Classic BPF over struct seccomp_data, as far as the filters use it.</summary>
    private static uint Run(BpfInstruction[] program, uint mark, uint number, long[] arguments)
    {
        byte[] data = new byte[64];
        BinaryPrimitives.WriteUInt32LittleEndian(data, number);
        BinaryPrimitives.WriteUInt32LittleEndian(data.AsSpan(4), mark);
        for (int i = 0; i < arguments.Length; i++)
        {
            BinaryPrimitives.WriteInt64LittleEndian(data.AsSpan(16 + i * 8), arguments[i]);
        }

        uint word = 0;
        for (int at = 0; ; at++)
        {
            BpfInstruction next = program[at];
            switch (next.Code)
            {
                case 0x20:
                    word = BinaryPrimitives.ReadUInt32LittleEndian(data.AsSpan((int)next.Operand));
                    break;
                case 0x15:
                    at += word == next.Operand ? next.JumpTrue : next.JumpFalse;
                    break;
                case 0x45:
                    at += (word & next.Operand) != 0 ? next.JumpTrue : next.JumpFalse;
                    break;
                case 0x06:
                    return next.Operand;
                default:
                    throw new InvalidOperationException($"instruction {next.Code:x}");
            }
        }
    }
}
