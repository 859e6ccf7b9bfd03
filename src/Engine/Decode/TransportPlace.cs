using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace FlowMeter.Engine.Decode;

/// <summary>
/// Where a packet's transport header is, for those who look into few packets: what there is to know of a payload is worked out when they
/// ask. Valid as long as the memory that the packet was decoded in.
/// </summary>
[StructLayout(LayoutKind.Sequential)]
internal unsafe struct TransportPlace
{
    /// <summary>The first byte of the transport header; null where there is none, as in later fragments.</summary>
    public byte* First;

    /// <summary>Bytes captured from there on.</summary>
    public uint Captured;

    /// <summary>Bytes from there on by IP's own fields; of a later fragment, bytes of its payload.</summary>
    public uint Stated;

    /// <summary>The place of a transport header.</summary>
    /// <param name="first">Its first byte.</param>
    /// <param name="captured">Bytes captured from there on; may be negative.</param>
    /// <param name="stated">Bytes from there on by IP's own fields; may be negative.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TransportPlace At(byte* first, long captured, long stated) =>
        new() { First = first, Captured = (uint)Math.Max(captured, 0), Stated = (uint)Math.Max(stated, 0) };

    /// <summary>What there is to know of the payload.</summary>
    /// <param name="protocol">The protocol of the transport header.</param>
    public readonly PacketPayload PayloadOf(byte protocol) =>
        First == null ? new PacketPayload { Length = Stated } : PacketPayload.From(protocol, First, Captured, Stated);

    /// <summary>The first bytes of the payload, where they lie.</summary>
    /// <param name="payload">The packet's payload.</param>
    public readonly PayloadHead HeadOf(in PacketPayload payload) =>
        First == null ? default : PayloadHead.Behind(First, Captured, in payload);
}
