using System.Buffers.Binary;

namespace FlowMeter.Bench.Naive;

/// <summary>
/// Decodes a frame with spans and BinaryPrimitives, layer by layer: Ethernet with tags, IPv4 and IPv6, TCP and UDP. No fragments, no
/// extension headers, no other links.
/// </summary>
internal static class NaiveDecoder
{
    /// <summary>Decodes a frame; false if it is none of these.</summary>
    public static bool TryDecode(ReadOnlySpan<byte> frame, out NaiveKey key, out bool fromB, out byte tcpFlags)
    {
        key = default;
        fromB = false;
        tcpFlags = 0;
        if (frame.Length < 14)
        {
            return false;
        }

        ushort etherType = BinaryPrimitives.ReadUInt16BigEndian(frame[12..]);
        ReadOnlySpan<byte> packet = frame[14..];
        while (etherType is 0x8100 or 0x88A8 && packet.Length >= 4)
        {
            etherType = BinaryPrimitives.ReadUInt16BigEndian(packet[2..]);
            packet = packet[4..];
        }

        UInt128 source;
        UInt128 destination;
        byte protocol;
        ReadOnlySpan<byte> transport;
        if (etherType == 0x0800 && packet.Length >= 20)
        {
            int header = (packet[0] & 0x0F) * 4;
            if (packet[0] >> 4 != 4 || header < 20 || packet.Length < header)
            {
                return false;
            }

            source = BinaryPrimitives.ReadUInt32BigEndian(packet[12..]);
            destination = BinaryPrimitives.ReadUInt32BigEndian(packet[16..]);
            protocol = packet[9];
            transport = packet[header..];
        }
        else if (etherType == 0x86DD && packet.Length >= 40)
        {
            source = BinaryPrimitives.ReadUInt128BigEndian(packet[8..]);
            destination = BinaryPrimitives.ReadUInt128BigEndian(packet[24..]);
            protocol = packet[6];
            transport = packet[40..];
        }
        else
        {
            return false;
        }

        if (protocol is not 6 and not 17 || transport.Length < (protocol == 6 ? 14 : 8))
        {
            return false;
        }

        ushort sourcePort = BinaryPrimitives.ReadUInt16BigEndian(transport);
        ushort destinationPort = BinaryPrimitives.ReadUInt16BigEndian(transport[2..]);
        tcpFlags = protocol == 6 ? transport[13] : (byte)0;
        fromB = source > destination || (source == destination && sourcePort > destinationPort);
        key = fromB
            ? new NaiveKey(destination, source, destinationPort, sourcePort, protocol)
            : new NaiveKey(source, destination, sourcePort, destinationPort, protocol);
        return true;
    }
}
