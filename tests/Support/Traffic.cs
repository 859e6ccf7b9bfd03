namespace FlowMeter.Tests.Support;

/// <summary>
/// Seeded random conversations: the same seed gives the same bytes. Hosts and ports are so few that conversations run into
/// each other's flows, which is the point.
/// </summary>
internal static class Traffic
{
    private const long StartNs = 1_700_000_000_123_456_789;

    private static readonly string[] s_hosts = ["10.0.0.1", "10.0.0.2", "10.0.1.3", "192.0.2.7"];

    // Among them an IPv4-mapped address of one of the others, and one that only looks like an embedded IPv4 address.
    private static readonly string[] s_hosts6 = ["2001:db8::1", "2001:db8:0:0:1::2", "::ffff:10.0.0.1", "fe80::5efe:a00:1"];

    private static readonly int[] s_ports = [53, 80, 443, 40000];

    public static List<Frame> Random(int seed, TrafficShape? shape = null)
    {
        shape ??= new TrafficShape();
        Random random = new(seed);
        List<Frame> frames = [];
        for (int i = 0; i < shape.Conversations; i++)
        {
            long start = StartNs + random.NextInt64(shape.SpreadNs);
            frames.AddRange(Conversation(random, shape, start).Frames);
        }
        return Shuffle(frames, random, shape.MaxDisorderNs);
    }

    private static TrafficConversation Conversation(Random random, TrafficShape shape, long start)
    {
        string[] hosts = random.Next(3) == 0 ? s_hosts6 : s_hosts;
        TrafficConversation conversation = new(random, shape, start)
        {
            Client = Pick(random, hosts),
            Server = Pick(random, hosts),
            ClientPort = Pick(random, s_ports),
            ServerPort = Pick(random, s_ports),
        };
        switch (random.Next(10))
        {
            case 0:
                conversation.OpenTalkClose();
                break;
            case 1:
                conversation.Reset();
                break;
            case 2:
                conversation.AnyFlagsAtAnyEdge();
                break;
            case 3:
                conversation.TouchActiveTimeout();
                break;
            case 4:
                conversation.Exchange();
                break;
            case 5:
                conversation.OnePacket();
                break;
            case 6:
                conversation.AllAtOnce();
                break;
            case 7:
                conversation.Fragments();
                break;
            case 8:
                conversation.AnyProtocol();
                break;
            default:
                conversation.Noise();
                break;
        }
        return conversation;
    }

    /// <summary>In order of arrival: a fifth of the frames come late. Equal arrivals keep the order they were made in.</summary>
    private static List<Frame> Shuffle(List<Frame> frames, Random random, long maxDisorderNs)
    {
        IEnumerable<(Frame Frame, long Arrival)> arrivals = frames
            .Select(frame => (frame, frame.TimestampNs + (random.Next(5) == 0 ? random.NextInt64(Math.Max(1, maxDisorderNs)) : 0)));
        return [.. arrivals.ToList().OrderBy(arrival => arrival.Arrival).Select(arrival => arrival.Frame)];
    }

    private static T Pick<T>(Random random, T[] from) => from[random.Next(from.Length)];
}
