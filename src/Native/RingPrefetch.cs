using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics.X86;

namespace FlowMeter.Native;

/// <summary>
/// Asks for a part of the kernel's ring before the walk comes to it. The kernel wrote it on another core, so every line of it is far away.
/// Packets lie one behind the other, so as much is asked for as the packet at hand takes. Where nothing lies, the end of the ring, nothing
/// happens.
/// </summary>
public static unsafe class RingPrefetch
{
    // Far enough for the lines to arrive, near enough for them to stay.
    private const int Distance = 1024;
    private const uint RingHeader = 88;
    private const uint MaxBytes = 512;
    private const int CacheLine = 64;

    /// <summary>Asks for what lies some packets behind one of libpcap's, which does not say what the ring has between them.</summary>
    /// <param name="packet">The packet.</param>
    /// <param name="length">Bytes captured of it.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Behind(byte* packet, uint length) => Ask(packet, length + RingHeader);

    /// <summary>Asks for as many bytes, some packets behind a place in the ring.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static void Ask(byte* at, uint bytes)
    {
        if (Sse.IsSupported)
        {
            bytes = Math.Min(bytes, MaxBytes);
            for (uint line = 0; line < bytes; line += CacheLine)
            {
                Sse.Prefetch0(at + Distance + line);
            }
        }
    }
}
