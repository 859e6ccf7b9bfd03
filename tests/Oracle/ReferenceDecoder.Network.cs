using System.Buffers.Binary;
using static FlowMeter.Tests.Oracle.ReferenceFragments;

namespace FlowMeter.Tests.Oracle;

internal sealed partial class ReferenceDecoder
{
    private const int ExtensionHeadersAtMost = 8;
    private const byte FragmentHeader = 44;
    private const byte NoNextHeader = 59;
    private const byte AuthenticationHeader = 51;

    private ReferencePacket IPv4(byte[] bytes, int at, long time)
    {
        if (bytes.Length - at < 1)
        {
            return Truncated;
        }
        int headerLength = (bytes[at] & 0x0F) * 4;
        if (bytes[at] >> 4 != 4 || headerLength < 20)
        {
            return Malformed;
        }
        if (bytes.Length - at < 20)
        {
            return Truncated;
        }
        if (_depth > 0 && UInt16(bytes, at + 2) > 0 && UInt16(bytes, at + 2) < headerLength)
        {
            return Malformed;
        }
        byte protocol = bytes[at + 9];
        ReferenceAddress source = ReferenceAddress.Read(bytes.AsSpan(at + 12, 4));
        ReferenceAddress destination = ReferenceAddress.Read(bytes.AsSpan(at + 16, 4));
        Datagram datagram = new(source, destination, protocol, UInt16(bytes, at + 4));
        bool moreFragments = (bytes[at + 6] & 0x20) != 0;
        long stated = UInt16(bytes, at + 2) == 0 ? _wireLength - at : UInt16(bytes, at + 2);
        long rest = stated - headerLength;
        // A wire length below what was captured bounds nothing.
        long whole = UInt16(bytes, at + 2) == 0 ? Math.Max(rest, bytes.Length - at - headerLength) : rest;
        bool later = (UInt16(bytes, at + 6) & 0x1FFF) != 0;
        return later
            ? LaterFragment(datagram, rest, time)
            : Transport(bytes, at + headerLength, rest, whole, protocol, source, destination, moreFragments ? datagram : null, time);
    }

    private ReferencePacket IPv6(byte[] bytes, int at, long time)
    {
        if (bytes.Length - at < 1)
        {
            return Truncated;
        }
        if (bytes[at] >> 4 != 6)
        {
            return Malformed;
        }
        if (bytes.Length - at < 40)
        {
            return Truncated;
        }
        ReferenceAddress source = ReferenceAddress.Read(bytes.AsSpan(at + 8, 16));
        ReferenceAddress destination = ReferenceAddress.Read(bytes.AsSpan(at + 24, 16));
        byte next = bytes[at + 6];
        long rest = UInt16(bytes, at + 4) == 0 && next != NoNextHeader ? _wireLength - at - 40 : UInt16(bytes, at + 4);
        long beyondStated = UInt16(bytes, at + 4) == 0 && next != NoNextHeader ? Math.Max(bytes.Length - at - 40 - rest, 0) : 0;
        at += 40;
        Datagram? firstOf = null;

        // Encapsulating security (50) and no next header (59) are not among these: they are where the walk ends.
        for (int walked = 0; next is 0 or 43 or FragmentHeader or AuthenticationHeader or 60 or 135 or 139 or 140; walked++)
        {
            if (walked == ExtensionHeadersAtMost)
            {
                return Malformed;
            }
            // Two bytes are enough to know how long it is, and each is at least eight.
            if (bytes.Length - at < 8)
            {
                return Truncated;
            }
            int length = next switch
            {
                FragmentHeader => 8,
                AuthenticationHeader => (bytes[at + 1] + 2) * 4,
                _ => (bytes[at + 1] + 1) * 8,
            };
            if (next == FragmentHeader)
            {
                Datagram datagram = new(source, destination, bytes[at], BinaryPrimitives.ReadUInt32BigEndian(bytes.AsSpan(at + 4)));
                ushort offsetAndFlags = UInt16(bytes, at + 2);
                if (offsetAndFlags >> 3 != 0)
                {
                    return LaterFragment(datagram, rest - 8, time);
                }
                // Neither an offset nor more to come: an atomic fragment (RFC 6946), an ordinary packet.
                if ((offsetAndFlags & 1) != 0)
                {
                    firstOf = datagram;
                }
            }
            next = bytes[at];
            at += length;
            rest -= length;
        }
        return Transport(bytes, at, rest, rest + beyondStated, next, source, destination, firstOf, time);
    }

    private ReferencePacket LaterFragment(Datagram datagram, long rest, long time)
    {
        // In IPv6 the first fragment may have found the protocol behind further headers, which this one does not repeat.
        First first = _fragments.Find(datagram, time) ?? new First(time, datagram.Protocol, 0, 0, null);
        if (first.Inside is { } inside)
        {
            return inside with { TcpFlags = 0, IsLaterFragment = true, Payload = new ReferencePayload(0, 0, 0, false, "") };
        }
        return new ReferencePacket(
            ReferenceOutcome.Metered,
            first.Protocol,
            new ReferenceEndpoint(datagram.Source, first.SourcePort),
            new ReferenceEndpoint(datagram.Destination, first.DestinationPort),
            TcpFlags: 0,
            IsLaterFragment: true)
        {
            Payload = new ReferencePayload(Math.Max(rest, 0), 0, 0, false, ""),
        };
    }

    private ReferencePacket Transport(
        byte[] bytes, int at, long rest, long whole, byte protocol, ReferenceAddress source, ReferenceAddress destination,
        Datagram? firstOf,
        long time)
    {
        if (Inside(bytes, at, whole, protocol, time) is { } inside)
        {
            if (firstOf is { } outer)
            {
                _fragments.Remember(outer, new First(time, protocol, 0, 0, inside));
            }
            return inside;
        }
        ushort sourcePort = 0;
        ushort destinationPort = 0;
        byte flags = 0;

        // TCP, UDP, DCCP, SCTP, UDP-Lite: each begins with its two ports.
        if (protocol is 6 or 17 or 33 or 132 or 136)
        {
            if (bytes.Length - at < 4)
            {
                return Truncated;
            }
            sourcePort = UInt16(bytes, at);
            destinationPort = UInt16(bytes, at + 2);
        }
        if (protocol == 6 && bytes.Length - at > 13)
        {
            flags = bytes[at + 13];
        }
        if (firstOf is { } datagram)
        {
            _fragments.Remember(datagram, new First(time, protocol, sourcePort, destinationPort, null));
        }
        return new ReferencePacket(
            ReferenceOutcome.Metered,
            protocol,
            new ReferenceEndpoint(source, sourcePort),
            new ReferenceEndpoint(destination, destinationPort),
            flags,
            IsLaterFragment: false)
        {
            Payload = ReferencePayload.Of(bytes, at, rest, protocol),
        };
    }
}
