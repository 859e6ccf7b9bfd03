using static FlowMeter.Tests.Support.PacketBuilder;

namespace FlowMeter.Tests.Support;

/// <summary>Many datagrams in two fragments each: all first ones, then all later ones, within a second.</summary>
internal static class FragmentFlood
{
    public static List<Frame> Frames(int datagrams)
    {
        List<Frame> frames = [];
        for (int later = 0; later < 2; later++)
        {
            for (int i = 0; i < datagrams; i++)
            {
                byte[] part = later == 0 ? Udp(1000 + (i % 50_000), 53, Payload(16)) : Payload(24);
                byte[] packet = IPv4(
                    $"10.{i >> 16}.{(i >> 8) & 255}.{i & 255}", "10.255.0.1", UdpProtocol, part, id: i & 0xFFFF, fragmentOffset: 24 * later,
                    moreFragments: later == 0);
                frames.Add(Frame.Whole(LinkRaw, 1_000_000_000 + (later * 1_000_000) + i, packet));
            }
        }

        return frames;
    }
}
