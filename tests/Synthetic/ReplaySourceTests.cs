using FlowMeter.Engine.Capture;
using FlowMeter.Engine.Synthetic;
using FlowMeter.Tests.Oracle;
using FlowMeter.Tests.Support;
using static FlowMeter.Tests.Support.PacketBuilder;

namespace FlowMeter.Tests.Synthetic;

/// <summary>Each copy of a frame has addresses of its own, whatever the frame is.</summary>
public sealed class ReplaySourceTests
{
    [Fact]
    public void Frames_of_every_link_type_get_new_addresses()
    {
        byte[] packet = Summed(IPv4("10.0.0.1", "10.0.0.2", UdpProtocol, Udp(5100, 5200, Payload(20))));
        byte[] packet6 = IPv6("2001:db8::1", "2001:db8::2", UdpProtocol, Udp(5100, 5200, Payload(20)));
        foreach ((int type, byte[] inner) in new[] { (EtherIPv4, packet), (EtherIPv6, packet6) })
        {
            List<Frame> frames = [.. OtherLinks(type, inner).Append((LinkEthernet, Ethernet(type, inner))).Append((LinkRaw, inner))
                .Concat(BetweenEthernetAndIP(type, inner).Select(bytes => (LinkEthernet, bytes)))
                .Select(frame => Frame.Whole(frame.Item1, 0, frame.Item2))];
            foreach (Frame frame in frames)
            {
                Assert.Equal((0, 3), Played(frame));
            }
        }
    }

    [Fact]
    public void What_a_checksum_protects_keeps_its_addresses_and_is_counted()
    {
        byte[] packet = Summed(IPv4("10.0.0.1", "10.0.0.2", UdpProtocol, Udp(5100, 5200, Payload(20))));

        Assert.Equal((1, 1), Played(Frame.Whole(LinkEthernet, 0, Ethernet(EtherMpls, Mpls([7], packet)))));
    }

    /// <summary>How many packets keep their addresses, and how many flows three copies of a frame are.</summary>
    private static unsafe (long Unchanged, int Flows) Played(Frame frame)
    {
        using IPacketSource source = Savefile.Open(
            "frame", new MemoryStream(CaptureWriter.Pcap([frame], linkType: frame.LinkType)), _ => { });
        using ReplaySource replay = ReplaySource.Load(source, copies: 3, rounds: 1);
        using PacketBatch batch = new();
        using EngineDecoder decoder = new();
        HashSet<string> flows = [];
        while (replay.TryFill(batch))
        {
            Add();
        }

        Add();
        return (replay.Unchanged, flows.Count);

        void Add()
        {
            for (int i = 0; i < batch.Count; i++)
            {
                byte[] bytes = new ReadOnlySpan<byte>(batch.Data[i], (int)batch.CapturedLength[i]).ToArray();
                ReferencePacket packet = decoder.Decode(Frame.Whole((int)batch.LinkType, 0, bytes));
                Assert.Equal(ReferenceOutcome.Metered, packet.Outcome);
                flows.Add($"{packet.Source} {packet.Destination}");
            }
        }
    }
}
