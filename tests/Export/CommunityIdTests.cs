using System.Net;
using System.Security.Cryptography;
using System.Text;
using FlowMeter.Engine.Ciphers;
using FlowMeter.Engine.Decode;
using FlowMeter.Engine.Export;

namespace FlowMeter.Tests.Export;

/// <summary>
/// Community IDs against the values that the specification publishes (baseline_deflt.json and the tests of its reference implementation),
/// SHA-1 against the framework's.
/// </summary>
public sealed class CommunityIdTests
{
    [Theory]
    [InlineData(6, "128.232.110.120", 34855, "66.35.250.204", 80, "1:LQU9qZlK+B5F3KDmev6m5PMibrg=")]
    [InlineData(6, "10.0.0.1", 10, "10.0.0.2", 11569, "1:SXBGMX1lBOwhhoDrZynfROxnhnM=")]
    [InlineData(6, "2001:470:e5bf:dead:4957:2174:e82c:4887", 63943, "2607:f8b0:400c:c03::1a", 25, "1:/qFaeAR+gFe1KYjMzVDsMv+wgU4=")]
    [InlineData(17, "192.168.1.52", 54585, "8.8.8.8", 53, "1:d/FP5EW3wiY1vCndhwleRRKHowQ=")]
    [InlineData(132, "192.168.170.8", 7, "192.168.170.56", 7, "1:MP2EtRCAUIZvTw6MxJHLV7N7JDs=")]
    [InlineData(132, "192.168.170.8", 7, "192.168.170.56", 80, "1:jQgCxbku+pNGw8WPbEc/TS/uTpQ=")]
    [InlineData(46, "10.1.12.1", 0, "10.1.12.2", 0, "1:KHlLkgoJW7ifUTyTSgyVfkFHzKw=")]
    [InlineData(46, "10.1.24.4", 0, "10.1.12.1", 0, "1:/nQI4Rh/TtY3mf0R2gJFBkVlgS4=")]
    public void A_flow_has_its_published_ID_from_both_ends(
        byte protocol, string source, int sourcePort, string destination, int destinationPort, string id)
    {
        Assert.Equal(id, Of(KeyOf(protocol, source, sourcePort, destination, destinationPort, out _)));
        Assert.Equal(id, Of(KeyOf(protocol, destination, destinationPort, source, sourcePort, out _)));
    }

    [Theory]
    [InlineData(1, "192.168.0.89", "192.168.0.1", 8, 0, "1:X0snYXpgwiv9TZtqg64sgzUn6Dk=")]
    [InlineData(1, "192.168.0.1", "192.168.0.89", 0, 0, "1:X0snYXpgwiv9TZtqg64sgzUn6Dk=")]
    [InlineData(1, "192.168.0.1", "192.168.0.89", 0, 20, "1:X0snYXpgwiv9TZtqg64sgzUn6Dk=")]
    [InlineData(1, "192.168.0.89", "192.168.0.1", 20, 0, "1:3o2RFccXzUgjl7zDpqmY7yJi8rI=")]
    [InlineData(1, "192.168.0.89", "192.168.0.1", 20, 1, "1:tz/fHIDUHs19NkixVVoOZywde+I=")]
    [InlineData(1, "10.0.0.1", "10.0.0.2", 11, 0, "1:YHxtAirCG//0OzkcVAukqKQN9xM=")]
    [InlineData(58, "fe80::200:86ff:fe05:80da", "fe80::260:97ff:fe07:69ea", 135, 0, "1:dGHyGvjMfljg6Bppwm3bg0LO8TY=")]
    [InlineData(58, "fe80::260:97ff:fe07:69ea", "fe80::200:86ff:fe05:80da", 136, 0, "1:dGHyGvjMfljg6Bppwm3bg0LO8TY=")]
    [InlineData(58, "fe80::260:97ff:fe07:69ea", "fe80::200:86ff:fe05:80da", 135, 0, "1:zavyT/cezQr1fmImYCwYnMXbgck=")]
    [InlineData(58, "fe80::200:86ff:fe05:80da", "fe80::260:97ff:fe07:69ea", 136, 0, "1:zavyT/cezQr1fmImYCwYnMXbgck=")]
    [InlineData(58, "3ffe:501:1800:2345::2", "3ffe:507:0:1:200:86ff:fe05:80da", 3, 0, "1:2ObVBgIn28oZvibYZhZMBgh7WdQ=")]
    [InlineData(58, "3ffe:501:410:0:2c0:dfff:fe47:33e", "3ffe:507:0:1:200:86ff:fe05:80da", 1, 4, "1:hLZd0XGWojozrvxqE0dWB1iM6R0=")]
    [InlineData(58, "3ffe:507:0:1:200:86ff:fe05:80da", "3ffe:501:0:1001::2", 128, 0, "1:+TW+HtLHvV1xnGhV1lv7XoJrqQg=")]
    [InlineData(58, "3ffe:501:0:1001::2", "3ffe:507:0:1:200:86ff:fe05:80da", 129, 0, "1:+TW+HtLHvV1xnGhV1lv7XoJrqQg=")]
    [InlineData(58, "fe80::200:86ff:fe05:80da", "ff02::2", 133, 0, "1:hO+sN4H+MG5MY/8hIrXPqc4ZQz0=")]
    [InlineData(58, "fe80::260:97ff:fe07:69ea", "ff02::1", 134, 0, "1:pkvHqCL88/tg1k4cPigmZXUtL00=")]
    [InlineData(58, "3ffe:507:0:1:260:97ff:fe07:69ea", "3ffe:507:0:1:200:86ff:fe05:80da", 3, 0, "1:NdobDX8PQNJbAyfkWxhtL2Pqp5w=")]
    [InlineData(58, "3ffe:507:0:1:200:86ff:fe05:80da", "3ffe:507:0:1:260:97ff:fe07:69ea", 3, 0, "1:/OGBt9BN1ofenrmSPWYicpij2Vc=")]
    public void A_message_of_ICMP_has_its_published_ID(byte protocol, string source, string destination, byte type, byte code, string id)
    {
        FlowKey key = KeyOf(protocol, source, 0, destination, 0, out byte fromB);
        Span<byte> text = stackalloc byte[CommunityId.Length];
        Assert.Equal(CommunityId.Length, CommunityId.Write(text, in key, fromB != 0, type, code));
        Assert.Equal(id, Encoding.ASCII.GetString(text));
        Assert.Equal("", Of(key));
    }

    [Fact]
    public void Digests_are_the_frameworks()
    {
        Random random = new(1);
        byte[] digest = new byte[Sha1Block.DigestLength];
        for (int length = 0; length <= Sha1Block.LongestMessage; length++)
        {
            byte[] message = new byte[length];
            random.NextBytes(message);
            Sha1Block.Hash(message, digest);
#pragma warning disable CA5350 // The specification says SHA-1.
            Assert.Equal(SHA1.HashData(message), digest);
#pragma warning restore CA5350
        }
    }

    private static string Of(FlowKey key)
    {
        Span<byte> text = stackalloc byte[CommunityId.Length];
        return Encoding.ASCII.GetString(text[..CommunityId.Write(text, in key)]);
    }

    private static FlowKey KeyOf(byte protocol, string source, int sourcePort, string destination, int destinationPort, out byte fromB)
    {
        IPAddress from = IPAddress.Parse(source);
        (ulong sourceA, ulong sourceB) = WordsOf(from);
        (ulong destinationA, ulong destinationB) = WordsOf(IPAddress.Parse(destination));
        PacketHeaders headers = new()
        {
            SourceUpper = sourceA,
            SourceLower = sourceB,
            DestinationUpper = destinationA,
            DestinationLower = destinationB,
            SourcePort = (ushort)sourcePort,
            DestinationPort = (ushort)destinationPort,
            Protocol = protocol,
            Version = from.GetAddressBytes().Length == 4 ? (byte)4 : (byte)6,
        };
        return FlowKey.From(in headers, out fromB);
    }

    private static (ulong A, ulong B) WordsOf(IPAddress address)
    {
        byte[] bytes = address.MapToIPv6().GetAddressBytes();
        return (BitConverter.ToUInt64(bytes), BitConverter.ToUInt64(bytes, 8));
    }
}
