using System.Buffers.Binary;
using System.Net;
using FlowMeter.Engine.Anonymization;
using FlowMeter.Engine.Capture;
using FlowMeter.Tests.Support;
using static FlowMeter.Tests.Support.PacketBuilder;

namespace FlowMeter.Tests.Anonymization;

/// <summary>
/// Rewritten frames: no address of the original is left, lengths never grow, checksums that were right are right, and any bytes do.
/// </summary>
public sealed class FrameAnonymizerTests
{
    private const string V4 = "203.0.113.77";
    private const string OtherV4 = "198.51.100.88";
    private const string V6 = "2001:db8:aaaa:bbbb:cccc:dddd:eeee:ff11";
    private const string OtherV6 = "2001:db8:1111:2222:3333:4444:5555:6622";

    private static readonly AnonymizationKey s_key = AnonymizationKey.Parse([.. Enumerable.Range(1, 32).Select(i => (byte)i)]);

    public static TheoryData<string> Kinds => [.. Packets().Keys];

    [Theory, MemberData(nameof(Kinds))]
    public void No_address_is_left_and_checksums_stay_right(string kind)
    {
        foreach (bool keepsHeadersOnly in new[] { false, true })
        {
            byte[] packet = Packets()[kind];
            ChecksumsOf.Set(packet);
            byte[] frame = [.. Ethernet(packet[0] >> 4 == 4 ? 0x0800 : 0x86DD), .. packet];

            byte[] rewritten = Rewritten(frame, keepsHeadersOnly);

            Assert.InRange(rewritten.Length, 34, frame.Length);
            foreach (string address in new[] { V4, OtherV4, V6, OtherV6 })
            {
                Assert.True(
                    rewritten.AsSpan().IndexOf(IPAddress.Parse(address).GetAddressBytes()) < 0, $"{kind}: {address} is still there");
            }

            if (rewritten.Length == frame.Length)
            {
                byte[] mended = rewritten[14..];
                ChecksumsOf.Set(mended);
                Assert.Equal(Convert.ToHexString(mended), Convert.ToHexString(rewritten[14..]));
            }
        }
    }

    [Fact]
    public void Without_a_key_only_payloads_are_cut()
    {
        byte[] tcp = [.. Ethernet(0x0800), .. IPv4(V4, OtherV4, TcpProtocol, Tcp(1, 2, Ack, Payload(100), optionBytes: 12))];

        Assert.Equal(tcp[..(14 + 20 + 32)], Rewritten(tcp, keepsHeadersOnly: true, key: null));
        Assert.Equal(FrameAnonymizer.KeptWithoutIp, Rewritten([.. Ethernet(0x88CC), .. Payload(200)], true, null).Length);
    }

    [Fact]
    public void Payloads_stay_where_nobody_asks_to_cut_them()
    {
        byte[] frame = [.. Ethernet(0x0800), .. IPv4(V4, OtherV4, UdpProtocol, Udp(1, 2, Payload(100)))];

        byte[] rewritten = Rewritten(frame, keepsHeadersOnly: false);

        Assert.Equal(frame[^100..], rewritten[^100..]);
        Assert.Equal(frame.Length, rewritten.Length);
    }

    [Fact]
    public void Equal_addresses_become_equal_ones_in_both_directions()
    {
        byte[] there = Rewritten([.. Ethernet(0x0800), .. IPv4(V4, OtherV4, UdpProtocol, Udp(1, 2))], false);
        byte[] back = Rewritten([.. Ethernet(0x0800), .. IPv4(OtherV4, V4, UdpProtocol, Udp(2, 1))], false);

        Assert.Equal(there[26..30], back[30..34]);
        Assert.Equal(there[30..34], back[26..30]);
    }

    [Theory]
    [InlineData(0x0806)]
    [InlineData(0x88E7)]
    [InlineData(0x88CC)]
    public void What_is_not_known_is_left_out_and_counted(int type)
    {
        byte[] frame = [.. Ethernet(type), .. IPv4(V4, OtherV4, UdpProtocol, Udp(1, 2))];
        FrameAnonymizer anonymizer = new(s_key, keepsHeadersOnly: false);

        Assert.Equal(0, anonymizer.Rewrite(LinkType.Ethernet, frame));
        Assert.Equal(1, anonymizer.LeftOut);
    }

    [Theory]
    [InlineData("8100000A0800")]
    [InlineData("88A8000181000002" + "0800")]
    [InlineData("8847000011FF")]
    [InlineData("88640000000000000021")]
    public void Tags_labels_and_sessions_are_gone_through(string headers)
    {
        byte[] packet = IPv4(V4, OtherV4, UdpProtocol, Udp(1, 2, Payload(30)));
        ChecksumsOf.Set(packet);
        byte[] frame = [.. Ethernet(0)[..12], .. Convert.FromHexString(headers), .. packet];

        byte[] rewritten = Rewritten(frame, keepsHeadersOnly: false);

        Assert.Equal(frame.Length, rewritten.Length);
        Assert.True(rewritten.AsSpan().IndexOf(IPAddress.Parse(V4).GetAddressBytes()) < 0);
        Assert.NotEqual(frame[..12], rewritten[..12]);
    }

    [Theory]
    [InlineData("450102030405")]
    [InlineData("600102030405")]
    public void A_frame_behind_labels_whose_first_address_looks_like_IP_is_left_out(string mac)
    {
        byte[] inner = [.. Convert.FromHexString(mac), 6, 1, 2, 3, 4, 5, 8, 0, .. IPv4(V4, OtherV4, UdpProtocol, Udp(1, 2, Payload(30)))];
        byte[] frame = [.. Ethernet(0x8847), 0, 0, 17, 255, .. inner];

        Assert.Equal(0, new FrameAnonymizer(s_key, keepsHeadersOnly: false).Rewrite(LinkType.Ethernet, frame));
    }

    [Fact]
    public void IPv6_behind_labels_is_gone_through()
    {
        byte[] frame = [.. Ethernet(0x8847), 0, 0, 17, 255, .. IPv6(V6, OtherV6, UdpProtocol, Udp(1, 2, Payload(30)))];

        Assert.Equal(frame.Length, Rewritten(frame, keepsHeadersOnly: false).Length);
    }

    [Fact]
    public void Mac_addresses_become_local_ones_and_broadcasts_stay()
    {
        byte[] broadcast = [255, 255, 255, 255, 255, 255, 0, 1, 2, 3, 4, 5, 8, 0, .. IPv4(V4, OtherV4, UdpProtocol, Udp(1, 2))];
        byte[] group = [0x33, 0x33, 0xFF, 0xEE, 0xFF, 0x11, 0, 1, 2, 3, 4, 5, 8, 0, .. IPv4(V4, OtherV4, UdpProtocol, Udp(1, 2))];

        byte[] first = Rewritten(broadcast, false);
        byte[] second = Rewritten(group, false);

        Assert.Equal(broadcast[..6], first[..6]);
        Assert.Equal(2, first[6] & 3);
        Assert.NotEqual(broadcast[6..12], first[6..12]);
        Assert.Equal(group[..3], second[..3]);
        Assert.NotEqual(group[3..6], second[3..6]);
        Assert.Equal(first[6..12], second[6..12]);
    }

    [Fact]
    public void Any_bytes_are_rewritten_in_their_bounds()
    {
        Random random = new(9);
        byte[][] seeds = [.. Packets().Values.Select(packet => (byte[])[.. Ethernet(packet[0] >> 4 == 4 ? 0x0800 : 0x86DD), .. packet])];
        FrameAnonymizer[] all = [new(s_key, false), new(s_key, true), new(null, true)];
        LinkType[] linkTypes = Enum.GetValues<LinkType>();
        for (int i = 0; i < 20_000; i++)
        {
            byte[] frame = [.. seeds[random.Next(seeds.Length)]];
            for (int change = random.Next(6); change > 0; change--)
            {
                frame[random.Next(frame.Length)] = (byte)random.Next(256);
            }

            using GuardedBuffer guarded = new(frame.AsSpan(0, random.Next(frame.Length + 1)));
            LinkType linkType = i % 3 == 0 ? linkTypes[random.Next(linkTypes.Length)] : LinkType.Ethernet;
            Assert.InRange(all[i % all.Length].Rewrite(linkType, guarded.Bytes), 0, guarded.Length);
        }
    }

    private static byte[] Rewritten(byte[] frame, bool keepsHeadersOnly) => Rewritten(frame, keepsHeadersOnly, s_key);

    private static byte[] Rewritten(byte[] frame, bool keepsHeadersOnly, AnonymizationKey? key)
    {
        byte[] copy = [.. frame];
        int kept = new FrameAnonymizer(key, keepsHeadersOnly).Rewrite(LinkType.Ethernet, copy);
        return copy[..kept];
    }

    private static byte[] Ethernet(int type) => [0, 17, 34, 51, 68, 85, 0, 102, 119, 136, 153, 170, (byte)(type >> 8), (byte)type];

    private static byte[] Address(string text) => IPAddress.Parse(text).GetAddressBytes();

    /// <summary>Packets that have addresses where they usually are, and where they are not looked for.</summary>
    private static Dictionary<string, byte[]> Packets()
    {
        byte[] inner = IPv4(V4, OtherV4, UdpProtocol, Udp(53, 4000, Payload(20)));
        byte[] innerV6 = IPv6(V6, OtherV6, UdpProtocol, Udp(53, 4000, Payload(20)));
        byte[] optioned = IPv4(V4, OtherV4, TcpProtocol, Tcp(80, 4000, Ack, Payload(31)));
        byte[] recorded = [0x48, .. optioned[1..20], 7, 11, 12, .. Address(V4), .. Address(OtherV4), 0, .. optioned[20..]];
        BinaryPrimitives.WriteUInt16BigEndian(recorded.AsSpan(2), (ushort)recorded.Length);
        byte[] multipath = Tcp(80, 4000, Ack, Payload(5), optionBytes: 12);
        new byte[] { 1, 1, 1, 1, 30, 8, 0x30, 1 }.CopyTo(multipath, 20);
        Address(V4).CopyTo(multipath, 28);
        return new()
        {
            ["TCP"] = IPv4(V4, OtherV4, TcpProtocol, Tcp(80, 4000, Ack, Payload(31))),
            ["UDP"] = inner,
            ["TCP over IPv6"] = IPv6(V6, OtherV6, TcpProtocol, Tcp(80, 4000, Ack, Payload(32), optionBytes: 8)),
            ["UDP over IPv6"] = innerV6,
            ["options that record a route"] = recorded,
            ["multipath TCP"] = IPv4(V4, OtherV4, TcpProtocol, multipath),
            ["ICMP echo"] = IPv4(V4, OtherV4, 1, Icmp(8, Payload(56))),
            ["ICMP error"] = IPv4(OtherV4, V4, 1, [3, 3, 0, 0, 0, 0, 0, 0, .. inner]),
            ["ICMP redirect"] = IPv4(OtherV4, V4, 1, [5, 1, 0, 0, .. Address(V4), .. inner]),
            ["ICMPv6 error"] = IPv6(OtherV6, V6, 58, [1, 4, 0, 0, 0, 0, 0, 0, .. innerV6]),
            ["ICMPv6 echo"] = IPv6(V6, OtherV6, 58, Icmp(128, Payload(33))),
            ["neighbour solicitation"] =
                IPv6(V6, OtherV6, 58, [135, 0, 0, 0, 0, 0, 0, 0, .. Address(OtherV6), 1, 1, 0, 17, 34, 51, 68, 85]),
            ["router advertisement"] =
                IPv6(V6, OtherV6, 58, [134, 0, 0, 0, 64, 0, 7, 8, 0, 0, 0, 0, 0, 0, 0, 0, 3, 4, 64, 192, .. new byte[12], .. Address(V6)]),
            ["IP in IP"] = IPv4(OtherV4, V4, 4, inner),
            ["IPv6 in IPv4"] = IPv4(OtherV4, V4, 41, innerV6),
            ["GRE"] = IPv4(OtherV4, V4, 47, [0, 0, 8, 0, .. inner]),
            ["VXLAN"] = IPv4(OtherV4, V4, UdpProtocol, Udp(5000, 4789, [8, 0, 0, 0, 0, 0, 1, 0, .. Ethernet(0x0800), .. inner])),
            ["SCTP"] = IPv4(OtherV4, V4, 132, [.. Sctp(1, 2, null), 1, 0, 0, 12, 0, 5, 0, 8, .. Address(V4)]),
            ["OSPF"] = IPv4(OtherV4, V4, 89, [2, 1, 0, 44, .. Address(V4), .. new byte[16], .. Address(OtherV4)]),
            ["home address"] = IPv6(V6, OtherV6, 60, [17, 2, 1, 2, 0, 0, 201, 16, .. Address(V6), .. Udp(1, 2, Payload(10))]),
        };
    }
}
