using System.Buffers.Binary;

namespace FlowMeter.Tests.Support;

internal static partial class PacketBuilder
{
    public const int LinkNull = 0;
    public const int LinkEthernet = 1;
    public const int LinkRaw = 101;
    public const int LinkLoop = 108;
    public const int LinkLinuxSll = 113;
    public const int LinkIPv4 = 228;
    public const int LinkIPv6 = 229;
    public const int LinkLinuxSll2 = 276;

    public const int EtherIPv4 = 0x0800;
    public const int EtherArp = 0x0806;
    public const int EtherVlan = 0x8100;
    public const int EtherIPv6 = 0x86DD;
    public const int EtherMpls = 0x8847;
    public const int EtherPppoeSession = 0x8864;
    public const int EtherServiceVlan = 0x88A8;

    public static byte[] Ethernet(int etherType, byte[] payload)
    {
        byte[] header = [2, 0, 0, 0, 0, 2, 2, 0, 0, 0, 0, 1, 0, 0];
        Write16(header, 12, etherType);
        return [.. header, .. payload];
    }

    /// <summary>Ethernet around an IP packet of either version.</summary>
    public static byte[] EthernetIP(byte[] packet) => Ethernet(EtherTypeOf(packet), packet);

    /// <summary>The rest of a tag whose EtherType the header before it holds.</summary>
    public static byte[] Vlan(int vlanId, int innerEtherType, byte[] payload)
    {
        byte[] tag = new byte[4];
        Write16(tag, 0, vlanId);
        Write16(tag, 2, innerEtherType);
        return [.. tag, .. payload];
    }

    /// <summary>802.1ad around 802.1Q around an IP packet.</summary>
    public static byte[] QinQ(int outerVlanId, int innerVlanId, byte[] packet)
    {
        return Ethernet(EtherServiceVlan, Vlan(outerVlanId, EtherVlan, Vlan(innerVlanId, EtherTypeOf(packet), packet)));
    }

    /// <summary>A label stack; the last label has the bottom bit.</summary>
    public static byte[] Mpls(uint[] labels, byte[] payload)
    {
        byte[] stack = new byte[4 * labels.Length];
        for (int i = 0; i < labels.Length; i++)
        {
            uint bottom = i == labels.Length - 1 ? 0x100u : 0;
            Write32(stack, 4 * i, (labels[i] << 12) | bottom | 64);
        }
        return [.. stack, .. payload];
    }

    /// <summary>A PPPoE session header and the PPP protocol: 0x21 for IPv4, 0x57 for IPv6.</summary>
    public static byte[] PppoeSession(int pppProtocol, byte[] payload)
    {
        byte[] header = [0x11, 0, 0, 7, 0, 0, 0, 0];
        Write16(header, 4, payload.Length + 2);
        Write16(header, 6, pppProtocol);
        return [.. header, .. payload];
    }

    public static byte[] LinuxSll(int etherType, byte[] payload)
    {
        byte[] header = new byte[16];
        Write16(header, 2, 1);
        Write16(header, 4, 6);
        Write16(header, 14, etherType);
        return [.. header, .. payload];
    }

    public static byte[] LinuxSll2(int etherType, byte[] payload)
    {
        byte[] header = new byte[20];
        Write16(header, 0, etherType);
        Write16(header, 8, 1);
        header[11] = 6;
        return [.. header, .. payload];
    }

    /// <summary>LINKTYPE_NULL, whose family is in the capturing machine's byte order; LOOP is the big-endian one.</summary>
    public static byte[] Null(uint addressFamily, byte[] payload, bool bigEndian = false)
    {
        byte[] header = new byte[4];
        Write32(header, 0, bigEndian ? addressFamily : BinaryPrimitives.ReverseEndianness(addressFamily));
        return [.. header, .. payload];
    }

    private static int EtherTypeOf(byte[] packet) => packet[0] >> 4 == 6 ? EtherIPv6 : EtherIPv4;
}
