using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace FlowMeter.Engine.Decode;

/// <summary>
/// The flow key (SPEC §2) in canonical order: the lower of the two endpoints first, so that both directions have one key and one look-up finds the flow.
/// 40 bytes; the upper 16 bits of <see cref="Tail"/> are not part of it and stay 0 here.
/// </summary>
[StructLayout(LayoutKind.Sequential)]
internal readonly struct FlowKey
{
    /// <summary>The bits of a tail that belong to the key; a table row keeps state in the others.</summary>
    public const ulong TailMask = 0x0000_FFFF_FFFF_FFFF;

    public readonly ulong LowA;
    public readonly ulong LowB;
    public readonly ulong HighA;
    public readonly ulong HighB;

    /// <summary>Port of the lower endpoint, port of the higher, protocol, IP version: 16, 16, 8 and 8 bits from the lowest.</summary>
    public readonly ulong Tail;

    public FlowKey(ulong lowA, ulong lowB, ulong highA, ulong highB, ulong tail)
    {
        LowA = lowA;
        LowB = lowB;
        HighA = highA;
        HighB = highB;
        Tail = tail;
    }

    public ushort LowPort => (ushort)Tail;

    public ushort HighPort => (ushort)(Tail >> 16);

    public byte Protocol => (byte)(Tail >> 32);

    public byte Version => (byte)(Tail >> 40);

    /// <summary>Whether both ends are one and the same, so that there is no telling the directions apart.</summary>
    public bool IsLoop => LowA == HighA && LowB == HighB && LowPort == HighPort;

    /// <summary>The key of a packet.</summary>
    /// <param name="headers">The packet.</param>
    /// <param name="fromHigh">1 if the packet's source is the higher endpoint, else 0.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static FlowKey Of(in PacketHeaders headers, out byte fromHigh)
    {
        // Which end is the higher one is as unpredictable as a coin: the ends are exchanged by masks, and only equal words are worth a branch.
        bool swap = headers.SourceB > headers.DestinationB;
        if (headers.SourceB == headers.DestinationB)
        {
            swap = headers.SourceA > headers.DestinationA || (headers.SourceA == headers.DestinationA && headers.SourcePort > headers.DestinationPort);
        }

        fromHigh = swap ? (byte)1 : (byte)0;
        ulong mask = 0UL - fromHigh;
        ulong a = (headers.SourceA ^ headers.DestinationA) & mask;
        ulong b = (headers.SourceB ^ headers.DestinationB) & mask;
        uint port = (uint)(headers.SourcePort ^ headers.DestinationPort) & (uint)mask;
        ulong tail = (headers.SourcePort ^ port) | ((ulong)(headers.DestinationPort ^ port) << 16) | ((ulong)headers.Protocol << 32) | ((ulong)headers.Version << 40);
        return new FlowKey(headers.SourceA ^ a, headers.SourceB ^ b, headers.DestinationA ^ a, headers.DestinationB ^ b, tail);
    }
}
