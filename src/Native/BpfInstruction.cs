using System.Runtime.InteropServices;

namespace FlowMeter.Native;

/// <summary><c>struct bpf_insn</c>: one instruction of a BPF program.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct BpfInstruction
{
    public ushort Code;
    public byte JumpTrue;
    public byte JumpFalse;
    public uint Operand;
}
