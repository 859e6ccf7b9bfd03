using System.Runtime.InteropServices;

namespace FlowMeter.Native;

/// <summary><c>struct sock_fprog</c>: a classic BPF program for a socket of Linux.</summary>
[StructLayout(LayoutKind.Sequential)]
internal unsafe struct SocketFilter
{
    public ushort Length;
    public BpfInstruction* Instructions;
}
