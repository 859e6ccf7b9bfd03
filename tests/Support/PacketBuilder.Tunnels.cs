namespace FlowMeter.Tests.Support;

internal static partial class PacketBuilder
{
    public const int VxlanPort = 4789;
    public const int GenevePort = 6081;
    public const int GtpUPort = 2152;
    public const int EtherBridged = 0x6558;

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
    /// A GTP-U G-PDU around an IP packet; put it into UDP to port 2152. A sequence number or extension headers bring four optional bytes; an extension header is
    /// given by its length in bytes, a multiple of 4.
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
