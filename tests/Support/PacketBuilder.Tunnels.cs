namespace FlowMeter.Tests.Support;

internal static partial class PacketBuilder
{
    public const int VxlanPort = 4789;
    public const int GenevePort = 6081;
    public const int GtpUPort = 2152;
    public const int LinuxVxlanPort = 8472;
    public const int VxlanGpePort = 4790;
    public const int TeredoPort = 3544;
    public const int AyiyaPort = 5072;
    public const int L2tpPort = 1701;
    public const int CapwapPort = 5247;
    public const int MplsPort = 6635;
    public const int EtherBridged = 0x6558;
    public const int EtherMirror = 0x88BE;
    public const int EtherMirror3 = 0x22EB;
    public const int EtherPpp = 0x880B;

    /// <summary>GRE version 0; put it into IP with protocol 47. Checksum, key and sequence number each take four bytes.</summary>
    public static byte[] Gre(int etherType, byte[] payload, bool checksum = false, uint? key = null, uint? sequence = null)
    {
        byte[] header = new byte[4];
        Write16(header, 0, (checksum ? 0x8000 : 0) | (key is null ? 0 : 0x2000) | (sequence is null ? 0 : 0x1000));
        Write16(header, 2, etherType);
        byte[] checksumBytes = checksum ? new byte[4] : [];
        return [.. header, .. checksumBytes, .. Word(key), .. Word(sequence), .. payload];
    }

    /// <summary>VXLAN around an Ethernet frame; put it into UDP to port 4789.</summary>
    public static byte[] Vxlan(uint networkId, byte[] frame)
    {
        byte[] header = new byte[8];
        header[0] = 0x08;
        Write32(header, 4, networkId << 8);
        return [.. header, .. frame];
    }

    /// <summary>GENEVE; put it into UDP to port 6081. The options' length is a multiple of 4.</summary>
    public static byte[] Geneve(uint networkId, int etherType, byte[] payload, int optionBytes = 0)
    {
        byte[] header = new byte[8 + optionBytes];
        header[0] = (byte)(optionBytes / 4);
        Write16(header, 2, etherType);
        Write32(header, 4, networkId << 8);
        return [.. header, .. payload];
    }

    /// <summary>
    /// A GTP-U G-PDU around an IP packet; put it into UDP to port 2152. A sequence number or extension headers bring four optional bytes;
    /// an extension header is given by its length in bytes, a multiple of 4.
    /// </summary>
    public static byte[] GtpU(uint tunnelId, byte[] packet, int? sequence = null, params int[] extensions)
    {
        bool hasOptions = sequence is not null || extensions.Length > 0;
        byte[] header = new byte[hasOptions ? 12 : 8];
        header[0] = (byte)(0x30 | (sequence is null ? 0 : 0x02) | (extensions.Length == 0 ? 0 : 0x04));
        header[1] = 0xFF;
        Write16(header, 2, header.Length - 8 + extensions.Sum() + packet.Length);
        Write32(header, 4, tunnelId);
        if (sequence is { } number)
        {
            Write16(header, 8, number);
        }
        if (extensions.Length > 0)
        {
            header[11] = 0x85;
        }
        List<byte> chain = [];
        for (int i = 0; i < extensions.Length; i++)
        {
            byte[] extension = new byte[extensions[i]];
            extension[0] = (byte)(extension.Length / 4);
            extension[^1] = (byte)(i < extensions.Length - 1 ? 0x85 : 0);
            chain.AddRange(extension);
        }
        return [.. header, .. chain, .. packet];
    }

    /// <summary>GRE version 1 around a PPP frame, as PPTP has it.</summary>
    public static byte[] Pptp(byte[] frame, uint? acknowledgement = null)
    {
        byte[] header = new byte[12];
        header[0] = 0x30;
        header[1] = (byte)(acknowledgement is null ? 0x01 : 0x81);
        Write16(header, 2, EtherPpp);
        Write16(header, 4, frame.Length);
        header[7] = 9;
        return [.. header, .. Word(acknowledgement), .. frame];
    }

    /// <summary>PPP with or without address and control fields; protocols below 256 may take one byte.</summary>
    public static byte[] Ppp(int protocol, byte[] payload, bool hasAddress = true, bool isShort = false)
    {
        byte[] address = hasAddress ? [0xFF, 0x03] : [];
        return [.. address, .. isShort ? [(byte)protocol] : new byte[] { (byte)(protocol >> 8), (byte)protocol }, .. payload];
    }

    /// <summary>ERSPAN II; put it into GRE with a sequence number.</summary>
    public static byte[] Erspan2(byte[] frame) => [0x10, 0x64, 0, 1, 0, 0, 0, 0, .. frame];

    /// <summary>ERSPAN III around a frame (type 0) or an IP packet (type 2), with a platform subheader where asked.</summary>
    public static byte[] Erspan3(byte[] frame, int frameType = 0, bool hasSubheader = false)
    {
        byte[] header = new byte[hasSubheader ? 20 : 12];
        header[0] = 0x20;
        header[10] = (byte)(frameType << 2);
        header[11] = (byte)(hasSubheader ? 1 : 0);
        return [.. header, .. frame];
    }

    /// <summary>EtherIP; put it into IP with protocol 97.</summary>
    public static byte[] EtherIP(byte[] frame) => [0x30, 0, .. frame];

    /// <summary>VXLAN-GPE: 1 IPv4, 2 IPv6, 3 Ethernet, 5 MPLS.</summary>
    public static byte[] VxlanGpe(byte next, byte[] payload) => [0x0C, 0, 0, next, 0, 0, 5, 0, .. payload];

    /// <summary>Teredo with an authentication and an origin indication where asked.</summary>
    public static byte[] Teredo(byte[] packet, bool isAuthenticated = false, bool hasOrigin = false)
    {
        byte[] authentication = isAuthenticated ? [0, 1, 2, 4, .. Payload(15)] : [];
        byte[] origin = hasOrigin ? [0, 0, .. Payload(6)] : [];
        return [.. authentication, .. origin, .. packet];
    }

    /// <summary>AYIYA with an identity of 16 bytes and a SHA-1 signature, to be forwarded.</summary>
    public static byte[] Ayiya(byte nextHeader, byte[] packet) => [0x41, 0x52, 0x11, nextHeader, .. Payload(4 + 16 + 20), .. packet];

    /// <summary>An L2TPv2 data message around a PPP frame; offset counts padding before it.</summary>
    public static byte[] L2tp2(byte[] frame, bool hasLength = false, bool hasSequence = false, int? offset = null)
    {
        byte flags = (byte)((hasLength ? 0x40 : 0) | (hasSequence ? 0x08 : 0) | (offset is null ? 0 : 0x02));
        byte[] length = hasLength ? new byte[2] : [];
        byte[] sequence = hasSequence ? [0, 1, 0, 0] : [];
        byte[] padding = offset is { } bytes ? [0, (byte)bytes, .. Payload(bytes)] : [];
        byte[] packet = [flags, 2, .. length, 0, 5, 0, 6, .. sequence, .. padding, .. frame];
        if (hasLength)
        {
            Write16(packet, 2, packet.Length);
        }
        return packet;
    }

    /// <summary>An L2TPv3 data message over UDP: cookie and sublayer are bytes that only the ends of the session know of.</summary>
    public static byte[] L2tp3(byte[] frame, int cookie = 0, int sublayer = 0) =>
        [0, 3, 0, 0, 0, 0, 0, 9, .. Enumerable.Repeat((byte)0xA5, cookie), .. new byte[sublayer], .. frame];

    /// <summary>CAPWAP data around an 802.3 frame, or a native one of IEEE 802.11, with a radio MAC address where asked.</summary>
    public static byte[] Capwap(byte[] frame, bool isNative = false, bool hasRadio = false)
    {
        byte[] radio = hasRadio ? [6, 2, 0, 0, 0, 0, 9, 0] : [];
        byte[] header = new byte[8];
        Write32(header, 0, (uint)((8 + radio.Length) / 4 << 19) | (1 << 14) | (1 << 9) | (isNative ? 0x100u : 0) | (hasRadio ? 0x10u : 0));
        return [.. header, .. radio, .. frame];
    }

    /// <summary>A data frame of IEEE 802.11 with SNAP, as CAPWAP carries it.</summary>
    public static byte[] WirelessData(
        int etherType, byte[] payload, byte flags = 0x01, bool hasQuality = false, bool isAggregate = false, bool isSwapped = false)
    {
        byte kind = (byte)(hasQuality ? 0x88 : 0x08);
        byte[] address4 = (flags & 3) == 3 ? new byte[6] : [];
        byte[] quality = hasQuality ? [(byte)(isAggregate ? 0x80 : 0), 0, .. (flags & 0x80) != 0 ? new byte[4] : []] : [];
        byte[] subframe = isAggregate ? new byte[14] : [];
        byte[] snap = [0xAA, 0xAA, 3, 0, 0, 0, (byte)(etherType >> 8), (byte)etherType];
        return
        [
            isSwapped ? flags : kind, isSwapped ? kind : flags, .. new byte[22], .. address4, .. quality, .. subframe, .. snap, .. payload,
        ];
    }

    /// <summary>The same IPv4 packet with the right header checksum.</summary>
    public static byte[] Summed(byte[] packet)
    {
        if (packet[0] >> 4 != 4)
        {
            return packet;
        }
        int header = (packet[0] & 0x0F) * 4;
        byte[] summed = [.. packet];
        Write16(summed, 10, 0);
        long sum = Enumerable.Range(0, header / 2).Sum(i => (long)((summed[2 * i] << 8) | summed[(2 * i) + 1]));
        Write16(summed, 10, (int)~((sum % 0xFFFF == 0 && sum > 0 ? 0xFFFF : sum % 0xFFFF) & 0xFFFF));
        return summed;
    }

    private static byte[] Word(uint? value)
    {
        if (value is not { } word)
        {
            return [];
        }
        byte[] bytes = new byte[4];
        Write32(bytes, 0, word);
        return bytes;
    }
}
