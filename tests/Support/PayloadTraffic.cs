using System.Text;
using static FlowMeter.Tests.Support.PacketBuilder;

namespace FlowMeter.Tests.Support;

/// <summary>
/// Seeded conversations for profiles that look at payloads and at single packets: ties and constants, single packets and one-sided flows,
/// gaps of exactly 1 s and 5 s and a nanosecond beside them, runs of three and four data packets, HTTP answers, padding, IP lengths of 0,
/// snap lengths, all TCP flags, windows and options, and clocks that run backwards.
/// </summary>
internal static class PayloadTraffic
{
    private const long Second = 1_000_000_000;
    private const long StartNs = 1_650_000_000_000_000_001;

    public static List<Frame> Random(int seed)
    {
        Random random = new(seed);
        List<Frame> frames = [];
        for (int conversation = 0; conversation < 25; conversation++)
        {
            frames.AddRange(Conversation(random));
        }
        return [.. frames.OrderBy(frame => frame.TimestampNs + (random.Next(10) == 0 ? random.NextInt64(2 * Second) : 0))];
    }

    private static IEnumerable<Frame> Conversation(Random random)
    {
        bool isIPv6 = random.Next(4) == 0;
        bool isTcp = random.Next(3) != 0;
        (string client, string server) = isIPv6 ? ("2001:db8::1", "2001:db8::2") : ($"10.0.0.{random.Next(1, 4)}", "192.0.2.1");
        int clientPort = random.Next(3) == 0 ? 53 : random.Next(1024, 1030);
        int serverPort = new[] { 53, 80, 443, 8080 }[random.Next(4)];
        int packets = random.Next(5) == 0 ? 1 : random.Next(1, 60);
        bool isOneSided = random.Next(4) == 0;
        int constant = random.Next(3) == 0 ? random.Next(100) : -1;
        long now = StartNs + random.NextInt64(400 * Second);
        bool fromClient = true;
        int run = 0;
        for (int i = 0; i < packets; i++, run--)
        {
            if (run <= 0)
            {
                fromClient = isOneSided || random.Next(2) == 0;
                run = random.Next(1, 7);
            }
            int length = constant >= 0 ? constant : random.Next(3) == 0 ? 0 : random.Next(200);
            byte[] payload = random.Next(6) == 0 ? Encoding.ASCII.GetBytes(Answer(random)) : Payload(length);
            (int from, int to) = fromClient ? (clientPort, serverPort) : (serverPort, clientPort);
            byte flags = random.Next(25) == 0 ? (byte)random.Next(256) : (byte)(Ack | (random.Next(256) & 0xE8));
            byte[] segment = isTcp ? Tcp(from, to, flags, payload, 4 * random.Next(11), random.Next(65536)) : Udp(from, to, payload);
            byte[] packet = fromClient
                ? IP(client, server, isTcp ? TcpProtocol : UdpProtocol, segment)
                : IP(server, client, isTcp ? TcpProtocol : UdpProtocol, segment);
            yield return Framed(random, packet, isIPv6, now);
            now += Gap(random);
        }
    }

    private static string Answer(Random random) => random.Next(6) switch
    {
        0 => "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n",
        1 => "HTTP/1.0 200\r\n\r\n",
        2 => "HTTP/1.1 200",
        3 => "HTTP/1.1 2000 Not so",
        4 => "HTTP/1.1 404 Not Found\r\n\r\n",
        _ => "GET / HTTP/1.1 200 \r\n\r\n",
    };

    private static Frame Framed(Random random, byte[] packet, bool isIPv6, long time)
    {
        switch (random.Next(8))
        {
            case 0:
                // As offloading leaves it.
                packet.AsSpan(isIPv6 ? 4 : 2, 2).Clear();
                break;
            case 1:
                packet = [.. packet, .. Payload(random.Next(1, 40))];
                break;
            case 2:
                // A length that contradicts the headers.
                packet[isIPv6 ? 5 : 3] = (byte)random.Next(256);
                break;
        }
        byte[] frame = EthernetIP(packet);
        Frame whole = Frame.Whole(
            LinkEthernet, time, random.Next(4) == 0 ? frame : frame.Length < 60 ? [.. frame, .. new byte[60 - frame.Length]] : frame);
        return random.Next(8) == 0 ? whole.Cut(random.Next(38, 100)) : whole;
    }

    private static long Gap(Random random) => random.Next(9) switch
    {
        0 => Second + random.Next(-1, 2),
        1 => (5 * Second) + random.Next(-1, 2),
        2 => 0,
        3 => 1000,
        4 => random.NextInt64(40 * Second),
        _ => random.NextInt64(Second),
    };
}
