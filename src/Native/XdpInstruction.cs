using System.Runtime.InteropServices;

namespace FlowMeter.Native;

/// <summary><c>struct bpf_insn</c> of linux/bpf.h: one instruction of a program for the kernel's eBPF machine.</summary>
/// <param name="code">What it does.</param>
/// <param name="destination">The register it writes to.</param>
/// <param name="source">The register it reads.</param>
/// <param name="offset">Of memory, bytes, or of a jump, instructions.</param>
/// <param name="operand">A constant.</param>
[StructLayout(LayoutKind.Sequential)]
internal readonly struct XdpInstruction(byte code, int destination = 0, int source = 0, short offset = 0, int operand = 0)
{
    private readonly byte _code = code;
    private readonly byte _registers = (byte)(destination | (source << 4));
    private readonly short _offset = offset;
    private readonly int _operand = operand;
}
