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
    public const int EtherMacSec = 0x88E5;

    /// <summary>The E and the C bit of MACsec's TCI: IEEE 802.1AE, 9.5.</summary>
    public const byte MacSecEncrypted = 0x0C;
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

    /// <summary>A frame of each kind that has further headers between Ethernet and IP.</summary>
    public static byte[][] BetweenEthernetAndIP(int type, byte[] packet)
    {
        byte[] inner = Ethernet(type, packet);
        byte[] next = [(byte)(type >> 8), (byte)type];
        byte[] snap = [0xAA, 0xAA, 3, 0, 0, 0, .. next, .. packet];
        return
        [
            Ethernet(Math.Min(snap.Length, 1500), snap),
            Ethernet(EtherVlan, Vlan(1, Math.Min(snap.Length, 1500), snap)),
            Ethernet(0x9200, Vlan(1, 0x9300, Vlan(2, type, packet))),
            Ethernet(0x88E7, [0, 0, 0, 9, .. inner]),
            Ethernet(0x8903, [0, 0x40, .. inner]),
            Ethernet(0x8926, [0, 0, 0, 0, .. next, .. packet]),
            Ethernet(0x893F, [0, 0, 0, 0, 0, 0, .. next, .. packet]),
            Ethernet(0x8909, [1, 1, 0, 1, 0, 5, .. next, .. packet]),
            Ethernet(0x22F3, [0, 0x41, 0, 1, 0, 2, 0, 0, 0, 0, .. inner]),
            Ethernet(0x894F, [0, 2, 1, 3, 0, 0, 0, 1, .. inner]),
            Ethernet(0x8988, [0, 0, 0, 9, 9, 9, .. next, .. packet]),
            Ethernet(EtherMacSec, [0, 0, 0, 0, 0, 1, .. next, .. packet, .. new byte[16]]),
            Ethernet(EtherMacSec, [0x20, 0, 0, 0, 0, 1, 1, 2, 3, 4, 5, 6, 0, 1, .. next, .. packet, .. new byte[16]]),
            Ethernet(EtherPppoeSession, [0x11, 0, 0, 7, 0, 0, (byte)(type == EtherIPv6 ? 0x57 : 0x21), .. packet]),
        ];
    }

    /// <summary>A frame of each link type that is neither Ethernet, cooked, loopback nor raw.</summary>
    public static (int LinkType, byte[] Bytes)[] OtherLinks(int type, byte[] packet)
    {
        byte ppp = (byte)(type == EtherIPv6 ? 0x57 : 0x21);
        byte family = (byte)(type == EtherIPv6 ? 10 : 2);
        byte[] cisco = [0x0F, 0, (byte)(type >> 8), (byte)type, .. packet];
        byte[] snap = [0xAA, 0xAA, 3, 0, 0, 0, (byte)(type >> 8), (byte)type, .. packet];
        byte[] wireless = [0x08, 1, .. new byte[22], .. snap];
        byte[] size = [(byte)(packet.Length + 4), (byte)((packet.Length + 4) >> 8)];
        byte[] header = [(byte)(type >> 8), (byte)type, 1, 0];
        byte[] four = [0x88, 3, .. new byte[30], .. snap];
        return
        [
            (9, [0xFF, 3, 0, ppp, .. packet]),
            (50, [0xFF, 3, 0, ppp, .. packet]),
            (50, cisco),
            (104, cisco),
            (109, [family, .. new byte[11], .. packet]),
            (117, [61, family, .. new byte[62], .. packet]),
            (9, cisco),
            (239, [family, 0, 0, 0, 5, 0, 10, 0, 0, 0, 0, 0, .. size, 9, 0, .. packet]),
            (239, [family, 0, 0, 0, 0, 8, 0, 1, .. header, 0, 6, 0xC0, 5, 9, 9, 0, 0, size[1], size[0], 0, 9, .. packet]),
            (239, [7, 0, 0, 0, 8, 0, 1, 0, .. header, 6, 0, 5, 0x80, 9, 9, 0, 0, .. size, 9, 0, .. packet]),
            (LinkLinuxSll, [0, 0, 3, 0x23, .. new byte[12], 0, 0, 8, 0, 0, 0, 0, 0, .. wireless]),
            (LinkLinuxSll, [0, 0, 2, 0, .. new byte[12], 0, ppp, .. packet]),
            (LinkLinuxSll, [0, 0, 0, 1, .. new byte[10], 0, 4, .. snap]),
            (LinkLinuxSll2, [0, 0, .. new byte[6], 0xFF, 0xFE, .. new byte[10], .. packet]),
            (LinkLinuxSll2, [0, 4, .. new byte[6], 3, 0x21, .. new byte[10], .. wireless]),
            (105, wireless),
            (105, four),
            (105, [0x88, 1, .. new byte[22], 0x80, 0, .. new byte[14], .. snap]),
            (105, [0x88, 1, .. new byte[22], 0x80, 0, .. new byte[12], 0, 9, 0xAA, 0xAA, 3, 0, 0, 0, 8, 6, 0, 0, .. new byte[14], .. snap]),
            (127, [0, 0, 8, 0, 0, 0, 0, 0, .. wireless]),
            (127, [0, 0, 9, 0, 2, 0, 0, 0, 0x20, 0x88, 1, .. new byte[24], 0, 0, .. snap]),
            (127, [0, 0, 9, 0, 2, 0, 0, 0, 0x10, .. wireless, 1, 2, 3, 4]),
            (192, [0, 0, 32, 0, 105, 0, 0, 0, 2, 0, 20, 0, .. new byte[8], 1, .. new byte[11], .. wireless, 1, 2, 3, 4]),
            (163, [0x80, 0x21, 0x10, 1, 0, 0, 0, 64, .. new byte[56], .. wireless]),
            (119, [0x44, 0, 0, 0, 144, 0, 0, 0, .. new byte[136], .. wireless]),
            (192, [0, 0, 8, 0, 105, 0, 0, 0, .. wireless]),
            (LinkNull, [0, 0, (byte)(type >> 8), (byte)type, .. packet]),
            (LinkNull, [0x0F, 0, (byte)(type >> 8), (byte)type, .. packet]),
        ];
    }

    private static int EtherTypeOf(byte[] packet) => packet[0] >> 4 == 6 ? EtherIPv6 : EtherIPv4;
}
