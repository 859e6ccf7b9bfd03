using System.Security.Cryptography;
using FlowMeter.Engine.Synthetic;
using static FlowMeter.Tests.Synthetic.SavefileFrames;

namespace FlowMeter.Tests.Synthetic;

public class TrafficGeneratorTests
{
    private const byte Tcp = 6;
    private const byte Udp = 17;

    [Fact]
    public void Same_seed_same_bytes()
    {
        TrafficOptions options =
            new() { Packets = 20_000, ConcurrentFlows = 1000, Imix = true, IPv6Share = 0.3, Distribution = FlowDistribution.Zipf };

        Assert.Equal(Generate(options), Generate(options));
        Assert.NotEqual(Generate(options), Generate(options with { Seed = 2 }));
    }

    [Fact]
    public void The_bytes_of_a_seed_never_change()
    {
        TrafficOptions options = new()
        {
            Packets = 50_000,
            ConcurrentFlows = 500,
            PacketsPerFlow = 20,
            Imix = true,
            IPv6Share = 0.5,
            Distribution = FlowDistribution.Zipf,
        };

        Assert.Equal("ADD5182201F1A92E", Convert.ToHexString(SHA256.HashData(Generate(options)), 0, 8));
    }

    [Theory]
    [InlineData(10_000, 1000, 10, FlowDistribution.Uniform, 1000)]
    [InlineData(10_000, 100, 10, FlowDistribution.Uniform, 1000)]
    [InlineData(10_000, 100, 10, FlowDistribution.Zipf, 1000)]
    [InlineData(10_003, 5000, 10, FlowDistribution.Uniform, 1001)]
    [InlineData(7, 100, 1, FlowDistribution.Uniform, 7)]
    public void Every_flow_gets_its_packets(long packets, int concurrent, int each, FlowDistribution distribution, int flows)
    {
        List<Frame> frames = Parse(
            Generate(new() { Packets = packets, ConcurrentFlows = concurrent, PacketsPerFlow = each, Distribution = distribution }));

        Assert.Equal(packets, frames.Count);
        List<int> counts = [.. frames.GroupBy(f => f.FlowKey).Select(g => g.Count())];
        Assert.Equal(flows, counts.Count);
        Assert.Equal(packets % each == 0 ? 0 : 1, counts.Count(c => c != each));
    }

    [Theory]
    [InlineData(20_000, 5000, FlowDistribution.Uniform)]
    [InlineData(20_000, 5000, FlowDistribution.Zipf)]
    [InlineData(3000, 3000, FlowDistribution.Zipf)]
    [InlineData(3001, 3000, FlowDistribution.Uniform)]
    public void Flows_without_end_are_as_many_as_asked_for(long packets, int flows, FlowDistribution distribution)
    {
        List<Frame> frames = Parse(Generate(new() { Packets = packets, ConcurrentFlows = flows, Distribution = distribution }));

        Assert.Equal(packets, frames.Count);
        Assert.Equal(flows, frames.Select(f => f.FlowKey).Distinct().Count());
    }

    [Fact]
    public void No_more_flows_are_alive_than_asked_for()
    {
        List<Frame> frames = Parse(Generate(new() { Packets = 10_000, ConcurrentFlows = 50, PacketsPerFlow = 10 }));

        Dictionary<string, int> alive = [];
        int most = 0;
        foreach (Frame frame in frames)
        {
            alive[frame.FlowKey] = alive.GetValueOrDefault(frame.FlowKey) + 1;
            if (alive[frame.FlowKey] == 10)
            {
                alive.Remove(frame.FlowKey);
            }

            most = Math.Max(most, alive.Count);
        }

        Assert.InRange(most, 40, 50);
    }

    [Theory]
    [InlineData(64, 0)]
    [InlineData(60, 0.5)]
    [InlineData(1500, 0.5)]
    [InlineData(65_535, 1)]
    public void Frames_have_their_size_and_valid_headers(int size, double ipv6)
    {
        List<Frame> frames = Parse(
            Generate(new() { Packets = 240, ConcurrentFlows = 10, PacketsPerFlow = 12, FrameSize = size, IPv6Share = ipv6 }));

        foreach (Frame frame in frames)
        {
            int headers = 14 + frame.IpHeaderLength + (frame.Protocol == Tcp ? 20 : 8);
            Assert.Equal(Math.Max(size, headers), frame.WireLength);
            Assert.Equal(frame.WireLength, frame.Bytes.Length);
            AssertChecksums(frame);
        }
    }

    [Fact]
    public void IMIX_is_seven_to_four_to_one()
    {
        List<Frame> frames = Parse(Generate(new() { Packets = 60_000, ConcurrentFlows = 100, Imix = true }));

        Assert.All(frames, f => Assert.Equal(f.WireLength, f.Bytes.Length));
        Assert.InRange(Share(frames, f => f.WireLength == 64), 0.57, 0.60);
        Assert.InRange(Share(frames, f => f.WireLength == 576), 0.32, 0.35);
        Assert.InRange(Share(frames, f => f.WireLength == 1500), 0.075, 0.09);
        Assert.All(frames.Take(1000), AssertChecksums);
    }

    [Theory]
    [InlineData(0, 0)]
    [InlineData(0.25, 0.5)]
    [InlineData(1, 1)]
    public void Shares_are_those_of_the_flows(double ipv6, double udp)
    {
        List<Frame> frames = Parse(Generate(new() { Packets = 8000, ConcurrentFlows = 8000, IPv6Share = ipv6, UdpShare = udp }));

        Assert.InRange(Share(frames, f => f.IsIPv6), ipv6 - 0.02, ipv6 + 0.02);
        Assert.InRange(Share(frames, f => f.Protocol == Udp), udp - 0.02, udp + 0.02);
    }

    [Fact]
    public void Zipf_is_skewed_by_its_exponent_and_uniform_is_not()
    {
        TrafficOptions options = new() { Packets = 100_000, ConcurrentFlows = 1000 };
        double harmonic = Enumerable.Range(1, 1000).Sum(r => 1.0 / r);

        List<int> zipf = CountsDescending(options with { Distribution = FlowDistribution.Zipf });
        List<int> steep = CountsDescending(options with { Distribution = FlowDistribution.Zipf, ZipfExponent = 1.5 });
        List<int> uniform = CountsDescending(options);

        // The opening packets, one for each of the 1000 flows, come on top of the draw.
        Assert.InRange(zipf[0], 0.95 * 99_000 / harmonic, 1.05 * 100_000 / harmonic);
        Assert.InRange((double)zipf[0] / zipf[9], 9, 11);
        Assert.InRange((double)steep[0] / steep[9], 28, 35);
        Assert.InRange(uniform[0], 100, 150);
    }

    [Fact]
    public void TCP_conversations_open_exchange_and_close()
    {
        List<Frame> frames = Parse(
            Generate(new() { Packets = 4000, ConcurrentFlows = 20, PacketsPerFlow = 40, UdpShare = 0, IPv6Share = 0.5 }));

        foreach (List<Frame> flow in frames.GroupBy(f => f.FlowKey).Select(g => g.ToList()))
        {
            string client = flow[0].Source;
            Assert.Equal([0x02, 0x12, 0x10], flow[..3].Select(f => f.TcpFlags));
            Assert.All(flow[3..^3], f => Assert.Equal(0x18, f.TcpFlags));
            Assert.Equal([0x11, 0x11, 0x10], flow[^3..].Select(f => f.TcpFlags));
            Assert.Contains(flow[3..^3], f => f.Source == client);
            Assert.Contains(flow[3..^3], f => f.Source != client);
            AssertSequenceNumbers(flow, client);
        }
    }

    [Fact]
    public void Times_never_go_back_and_keep_their_rate()
    {
        TrafficOptions options = new() { Packets = 100_000, ConcurrentFlows = 100, PacketsPerSecond = 250_000, Nanoseconds = true };
        List<Frame> frames = Parse(Generate(options));

        Assert.All(frames.Zip(frames.Skip(1)), pair => Assert.True(pair.First.Time <= pair.Second.Time));
        Assert.InRange((frames[^1].Time - frames[0].Time) / 1e9, 0.99 * 0.4, 1.01 * 0.4);

        // The same capture in microseconds: the same times, cut off.
        List<Frame> coarse = Parse(Generate(options with { Nanoseconds = false }));
        Assert.Equal(frames.Select(f => f.Time / 1000 * 1000), coarse.Select(f => f.Time));
    }

    [Fact]
    public void Snap_length_cuts_the_frame_but_not_its_length()
    {
        List<Frame> frames = Parse(Generate(new() { Packets = 1000, ConcurrentFlows = 10, FrameSize = 1500, SnapLength = 96 }));

        Assert.All(frames, f => Assert.Equal((96, 1500), (f.Bytes.Length, f.WireLength)));
    }

    [Fact]
    public void A_frame_allocates_nothing()
    {
        TrafficOptions options = new() { Packets = 1000, ConcurrentFlows = 100, Imix = true, IPv6Share = 0.5, PacketsPerFlow = 10 };
        TrafficGenerator.Write(Stream.Null, options);

        Assert.Equal(AllocatedBy(options), AllocatedBy(options with { Packets = 200_000 }));
    }

    [Fact]
    public void Options_out_of_range_are_named()
    {
        TrafficOptions good = new() { Packets = 100, ConcurrentFlows = 10 };
        TrafficOptions[] bad =
        [
            good with { Packets = 0 }, good with { ConcurrentFlows = 0 }, good with { ConcurrentFlows = 101 },
            good with { PacketsPerFlow = -1 }, good with { FrameSize = 59 }, good with { FrameSize = 65_536 },
            good with { IPv6Share = 1.1 }, good with { UdpShare = double.NaN }, good with { Distribution = (FlowDistribution)7 },
            good with { ZipfExponent = 0 }, good with { PacketsPerSecond = 0 }, good with { SnapLength = 0 },
        ];

        foreach (TrafficOptions options in bad)
        {
            ArgumentOutOfRangeException error = Assert.Throws<ArgumentOutOfRangeException>(
                () => TrafficGenerator.Write(Stream.Null, options));
            Assert.NotNull(typeof(TrafficOptions).GetProperty(error.ParamName!));
        }
    }

    private static byte[] Generate(TrafficOptions options)
    {
        using MemoryStream file = new();
        TrafficGenerator.Write(file, options);
        return file.ToArray();
    }

    private static List<int> CountsDescending(TrafficOptions options) =>
        [.. Parse(Generate(options)).GroupBy(f => f.FlowKey).Select(g => g.Count()).OrderDescending()];

    private static double Share(List<Frame> frames, Func<Frame, bool> holds) => (double)frames.Count(holds) / frames.Count;

    private static long AllocatedBy(TrafficOptions options)
    {
        // The least of a few: on a busy machine the runtime now and then allocates something of its own on this thread.
        return Enumerable.Range(0, 4).Min(_ =>
        {
            long before = GC.GetAllocatedBytesForCurrentThread();
            TrafficGenerator.Write(Stream.Null, options);
            return GC.GetAllocatedBytesForCurrentThread() - before;
        });
    }

    private static void AssertChecksums(Frame frame)
    {
        if (!frame.IsIPv6)
        {
            Assert.Equal(0xFFFF, OnesComplementSum(frame.Ip[..20]));
        }

        int length = frame.Transport.Length;
        byte[] pseudoHeader = [.. frame.Addresses, 0, frame.Protocol, (byte)(length >> 8), (byte)length];
        Assert.Equal(0xFFFF, OnesComplementSum([.. pseudoHeader, .. frame.Transport]));
    }

    /// <summary>16 bits at a time, as RFC 1071 explains it; 0xFFFF over data that includes its checksum.</summary>
    private static int OnesComplementSum(byte[] data)
    {
        int sum = 0;
        for (int i = 0; i < data.Length; i++)
        {
            sum += i % 2 == 0 ? data[i] << 8 : data[i];
            sum = (sum & 0xFFFF) + (sum >> 16);
        }

        return sum;
    }

    private static void AssertSequenceNumbers(List<Frame> flow, string client)
    {
        Dictionary<bool, uint> next = new() { [true] = flow[0].Sequence, [false] = flow[1].Sequence };
        foreach (Frame frame in flow)
        {
            bool fromClient = frame.Source == client;
            Assert.Equal(next[fromClient], frame.Sequence);
            Assert.Equal((frame.TcpFlags & 0x10) != 0 ? next[!fromClient] : 0, frame.Acknowledgement);
            next[fromClient] += (uint)frame.TcpPayload + ((frame.TcpFlags & 0x03) != 0 ? 1u : 0u);
        }
    }
}
