using System.Net;

namespace FlowMeter.Tests.Support;

internal static partial class PacketBuilder
{
    public const byte IcmpProtocol = 1;
    public const byte IpInIpProtocol = 4;
    public const byte TcpProtocol = 6;
    public const byte UdpProtocol = 17;
    public const byte DccpProtocol = 33;
    public const byte IPv6InIpProtocol = 41;
    public const byte RoutingHeader = 43;
    public const byte FragmentHeader = 44;
    public const byte GreProtocol = 47;
    public const byte AuthenticationHeader = 51;
    public const byte IcmpV6Protocol = 58;
    public const byte NoNextHeader = 59;
    public const byte DestinationOptions = 60;
    public const byte SctpProtocol = 132;
    public const byte UdpLiteProtocol = 136;

    /// <summary>The fragment offset counts bytes, and has to be a multiple of 8.</summary>
    public static byte[] IPv4(
        string source,
        string destination,
        byte protocol,
        byte[] payload,
        int optionBytes = 0,
        int id = 0,
        int fragmentOffset = 0,
        bool moreFragments = false)
    {
        byte[] header = new byte[20 + optionBytes];
        header[0] = (byte)(0x40 | (header.Length / 4));
        Write16(header, 2, header.Length + payload.Length);
        Write16(header, 4, id);
        Write16(header, 6, (fragmentOffset / 8) | (moreFragments ? 0x2000 : 0));
        header[8] = 64;
        header[9] = protocol;
        Address(source, 4).CopyTo(header, 12);
        Address(destination, 4).CopyTo(header, 16);
        header.AsSpan(20).Fill(1);
        return [.. header, .. payload];
    }

    public static byte[] IPv6(string source, string destination, byte nextHeader, byte[] payload)
    {
        byte[] header = new byte[40];
        header[0] = 0x60;
        Write16(header, 4, payload.Length);
        header[6] = nextHeader;
        header[7] = 64;
        Address(source, 16).CopyTo(header, 8);
        Address(destination, 16).CopyTo(header, 24);
        return [.. header, .. payload];
    }

    /// <summary>IPv4 or IPv6, as the addresses are.</summary>
    public static byte[] IP(string source, string destination, byte protocol, byte[] payload)
    {
        return source.Contains(':', StringComparison.Ordinal)
            ? IPv6(source, destination, protocol, payload)
            : IPv4(source, destination, protocol, payload);
    }

    /// <summary>Any IPv6 extension header but fragment and authentication; its length is a multiple of 8.</summary>
    public static byte[] Extension(byte nextHeader, byte[] payload, int length = 8)
    {
        byte[] header = new byte[length];
        header[0] = nextHeader;
        header[1] = (byte)((length / 8) - 1);
        return [.. header, .. payload];
    }

    /// <summary>Its length counts words of 4 bytes, less two.</summary>
    public static byte[] Authentication(byte nextHeader, byte[] payload, int length = 24)
    {
        byte[] header = new byte[length];
        header[0] = nextHeader;
        header[1] = (byte)((length / 4) - 2);
        return [.. header, .. payload];
    }

    /// <summary>The IPv6 fragment header; the offset counts bytes, and has to be a multiple of 8.</summary>
    public static byte[] Fragment(byte nextHeader, uint id, int offset, bool moreFragments, byte[] payload)
    {
        byte[] header = new byte[8];
        header[0] = nextHeader;
        Write16(header, 2, offset | (moreFragments ? 1 : 0));
        Write32(header, 4, id);
        return [.. header, .. payload];
    }

    private static byte[] Address(string text, int length)
    {
        byte[] bytes = IPAddress.Parse(text).GetAddressBytes();
        return bytes.Length == length ? bytes : throw new ArgumentException($"{text} is of the other address family", nameof(text));
    }
}
