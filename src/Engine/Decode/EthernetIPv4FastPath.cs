using System.Runtime.CompilerServices;
using static FlowMeter.Engine.Decode.PacketHeaders;

namespace FlowMeter.Engine.Decode;

/// <summary>
/// The frames that nearly every capture consists of, decoded in one go: Ethernet without tags, IPv4 without options or fragments, TCP or
/// UDP. Everything else, and whatever is cut short, is left to <see cref="LinkLayer"/>, which says the same of these frames.
/// </summary>
internal static unsafe class EthernetIPv4FastPath
{
    private const int InternetHeader = 14;
    private const int Transport = InternetHeader + 20;

    // Up to and including TCP's flags.
    private const uint MinLength = Transport + 14;

    /// <summary>Decodes a frame if it is a common one. Otherwise returns false, and what it has written means nothing.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool TryDecode(byte* frame, uint length, FlowKey* key, byte* fromB, byte* tcpFlags)
    {
        if (length < MinLength)
        {
            return false;
        }

        // EtherType, version and header length; then more-fragments and fragment offset; then the protocol.
        uint protocol = frame[InternetHeader + 9];
        if (ReadUInt16(frame + 12) != 0x0800 || frame[InternetHeader] != 0x45 || (ReadUInt16(frame + InternetHeader + 6) & 0x3FFF) != 0
            || (protocol != 6 & protocol != 17))
        {
            return false;
        }

        ulong source = MapIPv4(Unsafe.ReadUnaligned<uint>(frame + InternetHeader + 12));
        ulong destination = MapIPv4(Unsafe.ReadUnaligned<uint>(frame + InternetHeader + 16));
        uint ports = ReadUInt32(frame + Transport);
        bool swap = source > destination;
        if (source == destination)
        {
            swap = ports >> 16 > (ports & 0xFFFF);
        }

        // The tail wants endpoint A's port below endpoint B's; as read, the source's is above.
        byte isSwapped = swap ? (byte)1 : (byte)0;
        ulong difference = (source ^ destination) & (0UL - isSwapped);
        int rotation = 16 - (isSwapped << 4);
        ports = (ports << rotation) | (ports >> (32 - rotation));
        *key = new FlowKey(0, source ^ difference, 0, destination ^ difference, ports | ((ulong)protocol << 32) | (4UL << 40));
        *fromB = isSwapped;
        *tcpFlags = (byte)(frame[Transport + 13] & (protocol == 6 ? 0xFF : 0));
        return true;
    }

    /// <summary>Where the transport header of a frame that has been decoded is.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TransportPlace Place(byte* frame, uint captured, uint wire) =>
        TransportPlace.At(frame + Transport, (long)captured - Transport, PacketPayload.RestOfFastPath(frame, wire));

    /// <summary>Whether a frame that has been decoded may have a packet inside, which is then to be looked for.</summary>
    public static bool MayBeTunnel(byte* frame, TunnelPorts ports) =>
        Tunnel.MayBe(frame[InternetHeader + 9], frame + Transport, MinLength - Transport, ports);
}
