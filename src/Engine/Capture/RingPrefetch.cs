using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics.X86;

namespace FlowMeter.Engine.Capture;

/// <summary>
/// Asks for a part of libpcap's ring before libpcap comes to it. The kernel wrote it on another core, so every line of it is far away.
/// Packets lie one behind the other, each after some bytes that the ring keeps of it; where exactly is libpcap's business, so as much is
/// asked for as the packet at hand takes.
/// </summary>
internal static unsafe class RingPrefetch
{
    // Far enough for the lines to arrive, near enough for them to stay.
    private const int Ahead = 1024;
    private const uint RingHeader = 88;
    private const uint MaxBytes = 512;
    private const int CacheLine = 64;

    /// <summary>Asks for what lies some packets behind this one. Where nothing lies, the end of the ring, nothing happens.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Behind(byte* packet, uint length)
    {
        if (Sse.IsSupported)
        {
            uint bytes = Math.Min(length + RingHeader, MaxBytes);
            for (uint at = 0; at < bytes; at += CacheLine)
            {
                Sse.Prefetch0(packet + Ahead + at);
            }
        }
    }
}
