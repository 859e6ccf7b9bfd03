using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace FlowMeter.Engine.Decode;

/// <summary>
/// The flow key (SPEC §2) in canonical order: endpoint A is the lower of the two and comes first, so that both directions have one key and
/// one look-up finds the flow. 40 bytes; the upper 16 bits of <see cref="Tail"/> are not part of it and stay 0 here.
/// </summary>
[StructLayout(LayoutKind.Sequential)]
internal readonly struct FlowKey
{
    /// <summary>The bits of a tail that belong to the key; a table row keeps state in the others.</summary>
    public const ulong TailMask = 0x0000_FFFF_FFFF_FFFF;

    public readonly ulong AUpper;
    public readonly ulong ALower;
    public readonly ulong BUpper;
    public readonly ulong BLower;

    /// <summary>Port of endpoint A, port of endpoint B, protocol, IP version: 16, 16, 8 and 8 bits from the lowest.</summary>
    public readonly ulong Tail;

    public FlowKey(ulong aUpper, ulong aLower, ulong bUpper, ulong bLower, ulong tail)
    {
        AUpper = aUpper;
        ALower = aLower;
        BUpper = bUpper;
        BLower = bLower;
        Tail = tail;
    }

    public ushort PortA => (ushort)Tail;

    public ushort PortB => (ushort)(Tail >> 16);

    public byte Protocol => (byte)(Tail >> 32);

    public byte Version => (byte)(Tail >> 40);

    /// <summary>Whether both ends are one and the same, so that there is no telling the directions apart.</summary>
    public bool IsLoop => AUpper == BUpper && ALower == BLower && PortA == PortB;

    /// <summary>The key of a packet.</summary>
    /// <param name="headers">The packet.</param>
    /// <param name="fromB">1 if the packet's source is endpoint B, else 0.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static FlowKey From(in PacketHeaders headers, out byte fromB)
    {
        // Which end is B can not be predicted: the ends are exchanged by masks, and only equal words are worth a
        // branch.
        bool swap = headers.SourceLower > headers.DestinationLower;
        if (headers.SourceLower == headers.DestinationLower)
        {
            swap = headers.SourceUpper > headers.DestinationUpper
                || (headers.SourceUpper == headers.DestinationUpper && headers.SourcePort > headers.DestinationPort);
        }

        fromB = swap ? (byte)1 : (byte)0;
        ulong mask = 0UL - fromB;
        ulong a = (headers.SourceUpper ^ headers.DestinationUpper) & mask;
        ulong b = (headers.SourceLower ^ headers.DestinationLower) & mask;
        uint port = (uint)(headers.SourcePort ^ headers.DestinationPort) & (uint)mask;
        ulong tail = (headers.SourcePort ^ port) | ((ulong)(headers.DestinationPort ^ port) << 16) | ((ulong)headers.Protocol << 32)
            | ((ulong)headers.Version << 40);
        return new FlowKey(
            headers.SourceUpper ^ a, headers.SourceLower ^ b, headers.DestinationUpper ^ a, headers.DestinationLower ^ b, tail);
    }
}
