using System.Runtime.CompilerServices;
using static FlowMeter.Engine.Decode.PacketHeaders;

namespace FlowMeter.Engine.Decode;

/// <summary>
/// IPv4 (RFC 791) and IPv6 (RFC 8200) headers, fragments and ports. The captured length is the bound of every read; the length fields of
/// the packet are never trusted with that.
/// </summary>
internal sealed unsafe class InternetLayer(TunnelPorts? tunnels, FragmentTable fragments, PayloadDetail payloads = PayloadDetail.None)
{
    private const int MaxExtensionHeaders = 8;
    private const int MaxTunnels = 4;

    private int _depth;

    /// <summary>Time of the packet that is decoded next, for the fragments that wait for it.</summary>
    public long Time { get; set; }

    /// <summary>
    /// Whether it is not this decoder's turn with the fragments, which have to be taken in the capture's order: they are passed over then,
    /// and noted.
    /// </summary>
    public bool PutsOffFragments { get; set; }

    /// <summary>Whether a fragment has been passed over.</summary>
    public bool HasPutOff { get; set; }

    /// <summary>Bytes that the frame decoded next has on the wire beyond those captured; negative where it claims fewer.</summary>
    public long Beyond { get; set; }

    /// <summary>What a frame without IP inside has in its place: an EtherType, or a length of LLC; 0 where it says nothing.</summary>
    public ushort Unknown { get; set; }

    /// <summary>Leaves out <paramref name="trailer"/> bytes at the frame's end on the wire.</summary>
    /// <returns>How many of <paramref name="length"/> captured bytes are before it.</returns>
    public uint WithoutTrailer(uint length, uint trailer)
    {
        uint captured = (uint)Math.Clamp(trailer - Beyond, 0, Math.Min(trailer, length));
        Beyond -= trailer - captured;
        return length - captured;
    }

    /// <summary>Decodes a packet that has to be IPv4.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public DecodeResult IPv4(byte* at, uint length, ref PacketHeaders headers)
    {
        if (length < 20)
        {
            return length > 0 && (at[0] >> 4 != 4 || (at[0] & 0x0F) < 5) ? DecodeResult.Malformed : DecodeResult.Truncated;
        }

        uint headerLength = (at[0] & 0x0Fu) * 4;
        if (at[0] >> 4 != 4 || headerLength < 20)
        {
            return DecodeResult.Malformed;
        }

        uint stated = ReadUInt16(at + 2);
        if (_depth != 0 && stated != 0 && stated < headerLength)
        {
            // In a tunnel that is reason enough to believe the outer header.
            return DecodeResult.Malformed;
        }

        headers.SetIPv4(at + 12);
        byte protocol = at[9];
        uint fragment = ReadUInt16(at + 6) & 0x3FFFu;
        if (fragment != 0)
        {
            return IPv4Fragment(at, length, headerLength, fragment, ref headers);
        }

        return tunnels != null && Inner(protocol, at + headerLength, length, headerLength, stated, ref headers)
            ? DecodeResult.Metered
            : Transport(protocol, at + headerLength, length, headerLength, stated, ref headers);
    }

    /// <summary>Decodes a packet that has to be IPv6.</summary>
    public DecodeResult IPv6(byte* at, uint length, ref PacketHeaders headers)
    {
        if (length < 40)
        {
            return length > 0 && at[0] >> 4 != 6 ? DecodeResult.Malformed : DecodeResult.Truncated;
        }

        if (at[0] >> 4 != 6)
        {
            return DecodeResult.Malformed;
        }

        headers.SetIPv6(at + 8);
        byte next = at[6];
        uint offset = 40;
        uint stated = StatedIPv6(at);
        byte fragmentNext = 0;
        uint fragmentId = 0;
        bool isFirstFragment = false;
        for (int walked = 0; IsExtension(next); walked++)
        {
            if (walked == MaxExtensionHeaders)
            {
                return DecodeResult.Malformed;
            }

            if (length < offset + 8)
            {
                return DecodeResult.Truncated;
            }

            byte* header = at + offset;
            if (next == 44)
            {
                fragmentNext = header[0];
                fragmentId = ReadUInt32(header + 4);
                uint fragment = ReadUInt16(header + 2);
                if ((fragment & 0xFFF8) != 0)
                {
                    return LaterFragment(fragmentNext, fragmentId, length, offset + 8, stated, ref headers);
                }

                isFirstFragment |= (fragment & 1) != 0;
            }

            offset += next switch
            {
                44 => 8u,
                51 => (header[1] + 2u) * 4,
                _ => (header[1] + 1u) * 8,
            };
            next = header[0];
        }

        if (isFirstFragment)
        {
            return FirstFragment(next, at + offset, length, offset, stated, fragmentNext, fragmentId, ref headers);
        }

        return tunnels != null && Inner(next, at + offset, length, offset, stated, ref headers)
            ? DecodeResult.Metered
            : Transport(next, at + offset, length, offset, stated, ref headers);
    }

    /// <summary>
    /// Hop-by-hop, routing, fragment, authentication, destination, mobility, HIP and shim6 headers (IANA's IPv6 extension header types).
    /// </summary>
    private static bool IsExtension(byte next) => next is 0 or 43 or 44 or 51 or 60 or 135 or 139 or 140;

    /// <summary>TCP, UDP, DCCP, SCTP, UDP-Lite: the first four bytes are the ports.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static bool HasPorts(byte protocol)
    {
        // A test of bits: which of TCP and UDP comes next is hard to predict.
        const ulong Below64 = (1UL << 6) | (1UL << 17) | (1UL << 33);
        return protocol < 64 ? ((Below64 >> protocol) & 1) != 0 : protocol is 132 or 136;
    }

    /// <summary>
    /// Takes ports and TCP flags from <paramref name="at"/>, <paramref name="offset"/> bytes into the <paramref name="length"/> captured
    /// ones of a packet of <paramref name="stated"/> bytes.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private DecodeResult Transport(byte protocol, byte* at, uint length, uint offset, uint stated, ref PacketHeaders headers)
    {
        if ((payloads & PayloadDetail.Lengths) != 0)
        {
            headers.Payload = PacketPayload.From(protocol, at, (long)length - offset, Rest(length, offset, stated));
        }

        if ((payloads & PayloadDetail.Places) != 0)
        {
            headers.Place = TransportPlace.At(at, (long)length - offset, Rest(length, offset, stated));
        }

        headers.Protocol = protocol;
        headers.TcpFlags = 0;
        headers.IsLaterFragment = false;
        if (!HasPorts(protocol))
        {
            headers.SourcePort = 0;
            headers.DestinationPort = 0;
            headers.IcmpTypeAndCode = protocol is 1 or 58 && length >= offset + 2 ? ReadUInt16(at) : -1;
            return DecodeResult.Metered;
        }

        if (length < offset + 4)
        {
            return DecodeResult.Truncated;
        }

        headers.SourcePort = ReadUInt16(at);
        headers.DestinationPort = ReadUInt16(at + 2);
        if (length >= offset + 14)
        {
            headers.TcpFlags = (byte)(protocol == 6 ? at[13] : 0);
        }

        return DecodeResult.Metered;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private DecodeResult IPv4Fragment(byte* at, uint length, uint headerLength, uint fragment, ref PacketHeaders headers)
    {
        byte protocol = at[9];
        uint id = ReadUInt16(at + 4);
        if ((fragment & 0x1FFF) != 0)
        {
            return LaterFragment(protocol, id, length, headerLength, ReadUInt16(at + 2), ref headers);
        }

        return FirstFragment(protocol, at + headerLength, length, headerLength, ReadUInt16(at + 2), protocol, id, ref headers);
    }

    /// <summary>Where a tunnel's packet was cut, the later fragments follow the first into the flow inside.</summary>
    private DecodeResult FirstFragment(
        byte protocol, byte* at, uint length, uint offset, uint stated, byte statedProtocol, uint id, ref PacketHeaders headers)
    {
        PacketHeaders datagram = headers;
        bool isTunnel = tunnels != null && Inner(protocol, at, length, offset, stated, ref headers);
        DecodeResult result = isTunnel ? DecodeResult.Metered : Transport(protocol, at, length, offset, stated, ref headers);
        if (PutsOffFragments)
        {
            HasPutOff = true;
        }
        else if (result == DecodeResult.Metered)
        {
            fragments.Remember(in datagram, in headers, isTunnel, statedProtocol, id, Time);
        }

        return result;
    }

    private DecodeResult LaterFragment(byte protocol, uint id, uint length, uint offset, uint stated, ref PacketHeaders headers)
    {
        headers.Place = TransportPlace.At(null, 0, Rest(length, offset, stated));
        headers.Payload = headers.Place.PayloadOf(protocol);
        headers.Protocol = protocol;
        headers.SourcePort = 0;
        headers.DestinationPort = 0;
        headers.TcpFlags = 0;
        headers.IsLaterFragment = true;
        headers.IcmpTypeAndCode = -1;
        if (PutsOffFragments)
        {
            HasPutOff = true;
        }
        else
        {
            fragments.Recall(ref headers, protocol, id, Time);
        }

        return DecodeResult.Metered;
    }

    /// <summary>
    /// Bytes behind the <paramref name="offset"/> ones of the IP headers: as many as the packet states, or up to the frame's wire length
    /// where it states none, as offloading leaves it (SPEC §7).
    /// </summary>
    private long Rest(uint length, uint offset, uint stated) => (stated == 0 ? length + Beyond : stated) - offset;

    /// <summary>
    /// The length of a whole IPv6 packet; 0 where its field says 0, as offloading and jumbograms (RFC 2675) have it. Only a packet without
    /// a next header can really be empty.
    /// </summary>
    private static uint StatedIPv6(byte* at)
    {
        const byte NoNextHeader = 59;
        uint payload = ReadUInt16(at + 4);
        return payload == 0 && at[6] != NoNextHeader ? 0 : payload + 40;
    }

    /// <summary>
    /// Decodes what a tunnel carries from <paramref name="at"/>, <paramref name="offset"/> bytes into the <paramref name="length"/>
    /// captured ones of a packet of <paramref name="stated"/> bytes; what is behind those, as padding, is not inside. False, with the
    /// headers as they were, where it is no tunnel or carries no whole IP header: it is metered by its outer header then.
    /// </summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private bool Inner(byte protocol, byte* at, uint length, uint offset, uint stated, ref PacketHeaders headers)
    {
        uint end = stated == 0 ? length : Math.Min(length, stated);
        if (end <= offset || _depth == MaxTunnels || !Tunnel.MayBe(protocol, at, end - offset, tunnels!))
        {
            return false;
        }

        PacketHeaders outer = headers;
        long beyond = Beyond;
        _depth++;
        Beyond += length - end;
        DecodeResult result = Tunnel.Decode(protocol, at, end - offset, tunnels!, this, ref headers);
        Beyond = beyond;
        _depth--;
        if (result != DecodeResult.Metered)
        {
            headers = outer;
        }

        return result == DecodeResult.Metered;
    }
}
