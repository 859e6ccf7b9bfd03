using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using FlowMeter.Engine.Decode;

namespace FlowMeter.Engine.Flow;

/// <summary>
/// Who the flow is between, its state and its times: one cache line. A row without a flow has an IP version of 0, which no key has.
/// </summary>
[StructLayout(LayoutKind.Explicit, Size = 64)]
internal unsafe struct FlowHeader
{
    [FieldOffset(0)]
    public FlowKey Key;

    /// <summary>The key's tail and, in the bits above it, <see cref="State"/>.</summary>
    [FieldOffset(32)]
    public ulong Tail;

    [FieldOffset(37)]
    public byte Version;

    [FieldOffset(38)]
    public FlowState State;

    /// <summary>What packets need not tell any more (<see cref="Settled"/>), where the layout has annotations.</summary>
    [FieldOffset(39)]
    public Settled Settled;

    /// <summary>Time of the first packet, ns.</summary>
    [FieldOffset(40)]
    public long First;

    /// <summary>Newest time of a packet from endpoint A; <see cref="First"/> while there is none.</summary>
    [FieldOffset(48)]
    public long LastA;

    /// <summary>Newest time of a packet from endpoint B; <see cref="First"/> while there is none.</summary>
    [FieldOffset(56)]
    public long LastB;

    public readonly bool IsLive => Version != 0;

    /// <summary>The newest time of the flow: the greater of two, without a branch that would be mispredicted half of the time.</summary>
    public readonly long Last
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get
        {
            long difference = LastA - LastB;
            return LastA - (difference & (difference >> 63));
        }
    }

    /// <summary>A FIN from both ends, or a RST (SPEC §2).</summary>
    public readonly bool IsClosed => (State & FlowState.Reset) != 0 || (State & FlowState.BothFins) == FlowState.BothFins;

    /// <summary>Whether the row's flow is the one of <paramref name="key"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool Is(FlowHeader* header, FlowKey* key)
    {
        Vector128<byte> low = Vector128.Load((byte*)header) ^ Vector128.Load((byte*)key);
        Vector128<byte> high = Vector128.Load((byte*)header + 16) ^ Vector128.Load((byte*)key + 16);
        return (low | high) == Vector128<byte>.Zero && ((header->Tail ^ key->Tail) & FlowKey.TailMask) == 0;
    }
}
