using System.Buffers.Binary;
using System.Diagnostics;
using FlowMeter.Tests.Oracle;
using FlowMeter.Tests.Support;

namespace FlowMeter.Tests.EndToEnd;

/// <summary>Traffic for the tests of live capture.</summary>
internal static class Wire
{
    private static readonly string[] s_comparedColumns =
        ["src_ip", "src_port", "dst_ip", "dst_port", "protocol", "packets", "fwd_packets", "bytes", "bwd_bytes"];

    /// <summary>
    /// Datagrams of as many flows, one each, from number <paramref name="first"/> on. The array is the same each time; whoever sends it is
    /// done with it.
    /// </summary>
    public static IEnumerable<byte[]> Flows(int first, int count)
    {
        byte[] frame = Samples.Ethernet(
            0, PacketBuilder.IPv4("0.0.0.0", "192.0.2.1", PacketBuilder.UdpProtocol, PacketBuilder.Udp(5000, 443))).Captured;
        for (int i = first; i < first + count; i++)
        {
            BinaryPrimitives.WriteInt32BigEndian(frame.AsSpan(26), 0x0A000000 + i);
            yield return frame;
        }
    }

    /// <summary>Frames at a steady pace, not above so many in a second.</summary>
    public static IEnumerable<byte[]> Paced(IEnumerable<byte[]> frames, int perSecond)
    {
        Stopwatch clock = Stopwatch.StartNew();
        long sent = 0;
        foreach (byte[] frame in frames)
        {
            while (sent > clock.Elapsed.TotalSeconds * perSecond)
            {
                Thread.Sleep(1);
            }

            sent++;
            yield return frame;
        }
    }

    /// <summary>What does not depend on time of every flow, in order.</summary>
    public static string[] Compared(CsvTable table) =>
        [.. table.Rows.Select(row => string.Join(' ', s_comparedColumns.Select(column => row[table.Column(column)]))).Order(
            StringComparer.Ordinal)];
}
