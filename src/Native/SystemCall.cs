using System.Runtime.InteropServices;

namespace FlowMeter.Native;

/// <summary>A system call by its numbers on x86-64 and on arm64, which has no old ones.</summary>
internal readonly record struct SystemCall(ushort X64, ushort Arm64)
{
    /// <summary>The number on a processor; null where it has none.</summary>
    public uint? On(Architecture processor)
    {
        ushort number = processor == Architecture.Arm64 ? Arm64 : X64;
        return number == ushort.MaxValue ? null : number;
    }
}
