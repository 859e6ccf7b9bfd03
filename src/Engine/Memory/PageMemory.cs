using System.Runtime.InteropServices;
using FlowMeter.Native;

namespace FlowMeter.Engine.Memory;

/// <summary>
/// Zeroed memory, 64-byte aligned, and page-aligned from a page on. What is large comes as pages that are committed when first touched;
/// what is small comes from the heap, since a mapping of its own would waste most of a page.
/// </summary>
internal static unsafe class PageMemory
{
    private const nuint Page = 4096;
    private const nuint PagesFrom = 256 << 10;

    public static void* Allocate(nuint bytes)
    {
        if (bytes >= PagesFrom)
        {
            return Pages.Reserve(bytes);
        }

        void* memory = NativeMemory.AlignedAlloc(bytes, bytes >= Page ? Page : NativeColumn<byte>.Alignment);
        NativeMemory.Clear(memory, bytes);
        return memory;
    }

    public static void Free(void* memory, nuint bytes)
    {
        if (memory == null)
        {
            return;
        }

        if (bytes >= PagesFrom)
        {
            Pages.Release(memory, bytes);
        }
        else
        {
            NativeMemory.AlignedFree(memory);
        }
    }
}
