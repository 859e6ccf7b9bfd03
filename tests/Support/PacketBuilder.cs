using System.Buffers.Binary;

namespace FlowMeter.Tests.Support;

/// <summary>
/// Builds frames from the inside out: every function puts one header before the bytes it is given. Checksums stay 0, since a
/// meter does not look at them.
/// </summary>
internal static partial class PacketBuilder
{
    public const byte Fin = 0x01;
    public const byte Syn = 0x02;
    public const byte Rst = 0x04;
    public const byte Psh = 0x08;
    public const byte Ack = 0x10;
    public const byte Urg = 0x20;

    public static byte[] Payload(int length) => [.. Enumerable.Range(0, length).Select(i => (byte)i)];

    public static byte[] Tcp(
        int sourcePort, int destinationPort, byte flags, byte[]? payload = null, int optionBytes = 0, int window = 1024)
    {
        byte[] header = new byte[20 + optionBytes];
        Write16(header, 0, sourcePort);
        Write16(header, 2, destinationPort);
        header[12] = (byte)(header.Length / 4 << 4);
        header[13] = flags;
        Write16(header, 14, window);
        // No-operation, so that the options are options.
        header.AsSpan(20).Fill(1);
        return [.. header, .. payload ?? []];
    }

    public static byte[] Udp(int sourcePort, int destinationPort, byte[]? payload = null)
    {
        byte[] header = new byte[8];
        Write16(header, 0, sourcePort);
        Write16(header, 2, destinationPort);
        Write16(header, 4, 8 + (payload?.Length ?? 0));
        return [.. header, .. payload ?? []];
    }

    /// <summary>Protocol 136. The third field is what the checksum covers; 0 is all of it.</summary>
    public static byte[] UdpLite(int sourcePort, int destinationPort, byte[]? payload = null)
    {
        byte[] packet = Udp(sourcePort, destinationPort, payload);
        Write16(packet, 4, 0);
        return packet;
    }

    /// <summary>Protocol 132: the common header and, if there is payload, a DATA chunk.</summary>
    public static byte[] Sctp(int sourcePort, int destinationPort, byte[]? payload = null)
    {
        byte[] header = new byte[12];
        Write16(header, 0, sourcePort);
        Write16(header, 2, destinationPort);
        if (payload is null)
        {
            return header;
        }
        byte[] chunk = new byte[16];
        chunk[1] = 3;
        Write16(chunk, 2, 16 + payload.Length);
        return [.. header, .. chunk, .. payload];
    }

    /// <summary>Protocol 33: the generic header without acknowledgement number.</summary>
    public static byte[] Dccp(int sourcePort, int destinationPort, byte[]? payload = null)
    {
        byte[] header = new byte[16];
        Write16(header, 0, sourcePort);
        Write16(header, 2, destinationPort);
        header[4] = 4;
        header[8] = 1;
        return [.. header, .. payload ?? []];
    }

    /// <summary>An echo request (8, or 128 in IPv6) or its answer (0, 129).</summary>
    public static byte[] Icmp(byte type, byte[]? payload = null) => [type, 0, 0, 0, 0, 1, 0, 1, .. payload ?? []];

    private static void Write16(byte[] bytes, int at, int value) => BinaryPrimitives.WriteUInt16BigEndian(bytes.AsSpan(at), (ushort)value);

    private static void Write32(byte[] bytes, int at, uint value) => BinaryPrimitives.WriteUInt32BigEndian(bytes.AsSpan(at), value);
}
