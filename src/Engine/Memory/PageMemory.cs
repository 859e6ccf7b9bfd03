using System.Runtime.InteropServices;

namespace FlowMeter.Engine.Memory;

/// <summary>Zeroed memory from the system, 64-byte aligned, committed page by page as it is touched.</summary>
internal static unsafe class PageMemory
{
    public static void* Allocate(nuint bytes)
    {
        void* memory = NativeMemory.AlignedAlloc(bytes, NativeColumn<byte>.Alignment);
        NativeMemory.Clear(memory, bytes);
        return memory;
    }

    public static void Free(void* memory, nuint bytes)
    {
        _ = bytes;
        NativeMemory.AlignedFree(memory);
    }
}
