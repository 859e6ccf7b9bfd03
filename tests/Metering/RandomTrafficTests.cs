using FlowMeter.Tests.Oracle;
using FlowMeter.Tests.Support;

namespace FlowMeter.Tests.Metering;

/// <summary>The engine against the reference on seeded random traffic of every shape. A failure names its seed.</summary>
public sealed class RandomTrafficTests
{
    private const int SeedsPerShape = 25;
    private const long Second = 1_000_000_000;

    private static readonly Dictionary<string, TrafficShape> s_shapes = new()
    {
        ["plain"] = new(),
        ["reordered"] = new() { MaxDisorderNs = 9 * Second },
        ["wildly reordered"] = new() { MaxDisorderNs = 3000 * Second, Conversations = 40 },
        ["crowded"] = new() { SpreadNs = 600 * Second, Conversations = 120 },
        ["raw"] = new() { LinkType = PacketBuilder.LinkRaw },
        ["null"] = new() { LinkType = PacketBuilder.LinkNull },
        ["loop"] = new() { LinkType = PacketBuilder.LinkLoop },
        ["cooked"] = new() { LinkType = PacketBuilder.LinkLinuxSll },
        ["cooked 2"] = new() { LinkType = PacketBuilder.LinkLinuxSll2, MaxDisorderNs = Second },
        ["only IPv4"] = new() { LinkType = PacketBuilder.LinkIPv4 },
        ["only IPv6"] = new() { LinkType = PacketBuilder.LinkIPv6 },
        ["PPP"] = new() { LinkType = 9 },
        ["PPP in HDLC"] = new() { LinkType = 50 },
        ["Cisco HDLC"] = new() { LinkType = 104 },
        ["802.11"] = new() { LinkType = 105 },
        ["ENC"] = new() { LinkType = 109 },
        ["PFLOG"] = new() { LinkType = 117 },
        ["Prism"] = new() { LinkType = 119 },
        ["radiotap"] = new() { LinkType = 127 },
        ["AVS"] = new() { LinkType = 163 },
        ["PPI"] = new() { LinkType = 192 },
        ["NFLOG"] = new() { LinkType = 239 },
    };

    public static TheoryData<string> Shapes => [.. s_shapes.Keys];

    [Theory, MemberData(nameof(Shapes))]
    public void Flows_are_the_references(string shape)
    {
        Parallel.For(0, SeedsPerShape, seed =>
        {
            List<Frame> frames = Traffic.Random(seed, s_shapes[shape]);
            EngineResult actual = new EngineMeter().Run(Written(frames, seed));
            AssertNone(seed, ReferenceAgreement.FirstDifference(actual, ReferenceMeter.Run(frames)));
            Assert.Empty(actual.Warnings);
        });
    }

    [Theory, MemberData(nameof(Shapes))]
    public void Deepfence_flows_are_the_references(string shape)
    {
        Parallel.For(0, SeedsPerShape, seed =>
        {
            // Whole microseconds: with finer times SPEC lets deviations differ.
            List<Frame> frames =
                [.. Traffic.Random(seed, s_shapes[shape]).Select(frame => frame with { TimestampNs = frame.TimestampNs / 1000 * 1000 })];
            EngineResult actual = new EngineMeter { Profile = "deepfence" }.Run(Written(frames, seed));
            AssertNone(seed, RecordComparison.FirstDifference(actual.Table, ReferenceDeepfence.Run(frames), relative: 1e-9));
        });
    }

    [Fact]
    public void Deepfence_deviations_of_finer_times_agree_to_a_microsecond()
    {
        for (int seed = 0; seed < SeedsPerShape; seed++)
        {
            List<Frame> frames = Traffic.Random(seed, s_shapes["reordered"]);
            EngineResult actual = new EngineMeter { Profile = "deepfence" }.Run(Written(frames, seed));
            AssertNone(
                seed, RecordComparison.FirstDifference(actual.Table, ReferenceDeepfence.Run(frames), relative: 1e-9, absolute: 1000));
        }
    }

    /// <summary>Timeouts of the same size as one another, where their order decides, and small ones.</summary>
    [Theory]
    [InlineData(5, 10, 5)]
    [InlineData(2, 300, 5)]
    [InlineData(120, 60, 5)]
    [InlineData(10, 10, 10)]
    [InlineData(0, 0, 0)]
    public void Timeouts_are_as_chosen(int idle, int active, int linger)
    {
        TrafficShape shape = new()
        {
            SpreadNs = 900 * Second,
            MaxDisorderNs = 9 * Second,
            IdleTimeoutNs = Math.Max(idle, 2) * Second,
            ActiveTimeoutNs = Math.Max(active, 2) * Second,
            LingerNs = linger * Second,
        };
        EngineMeter meter = new()
        {
            Rules = new() { IdleTimeout = idle * Second, ActiveTimeout = active * Second, LingerTime = linger * Second },
            SweepFrom = 0,
        };
        ReferenceMeterOptions options =
            new() { IdleTimeoutNs = idle * Second, ActiveTimeoutNs = active * Second, LingerNs = linger * Second };
        for (int seed = 0; seed < SeedsPerShape; seed++)
        {
            List<Frame> frames = Traffic.Random(seed, shape);
            AssertNone(seed, ReferenceAgreement.FirstDifference(meter.Run(Written(frames, seed)), ReferenceMeter.Run(frames, options)));
        }
    }

    [Theory]
    [InlineData("10.0.0.0/24")]
    [InlineData("10.0.0.1/32")]
    [InlineData("::ffff:10.0.0.0/120")]
    [InlineData("2001:db8::/31")]
    [InlineData("0.0.0.0/0")]
    public void The_local_net_is_forward(string net)
    {
        for (int seed = 0; seed < 10; seed++)
        {
            List<Frame> frames = Traffic.Random(seed, s_shapes["reordered"]);
            EngineResult actual = new EngineMeter { LocalNets = [net] }.Run(Written(frames, seed));
            ReferenceMeterOptions options = new() { LocalNets = [ReferenceNetwork.Parse(net)] };
            AssertNone(seed, ReferenceAgreement.FirstDifference(actual, ReferenceMeter.Run(frames, options)));
        }
    }

    [Fact]
    public void Short_flows_are_left_out_where_asked()
    {
        for (int seed = 0; seed < 10; seed++)
        {
            List<Frame> frames = Traffic.Random(seed);
            EngineResult actual = new EngineMeter { MinPackets = 4 }.Run(Written(frames, seed));
            AssertNone(
                seed, ReferenceAgreement.FirstDifference(actual, ReferenceMeter.Run(frames, new ReferenceMeterOptions { MinPackets = 4 })));
            Assert.True(actual.Totals!.BelowMinimum > 0);
        }
    }

    /// <summary>Each seed in another format, and read in pieces of another size.</summary>
    private static byte[] Written(List<Frame> frames, int seed) => (seed % 5) switch
    {
        0 => CaptureWriter.Pcap(frames),
        1 => CaptureWriter.Pcap(frames, bigEndian: true),
        2 => CaptureWriter.PcapNg(frames),
        3 => CaptureWriter.PcapNg(
            frames, new PcapNgFormat { BigEndian = true, Decorated = true, FramesPerSection = 100, AlternateByteOrder = true }),
        _ => CaptureWriter.PcapNg(frames, new PcapNgFormat { PacketBlock = PcapNgPacketBlock.Obsolete, OffsetSeconds = 1_000_000 }),
    };

    private static void AssertNone(int seed, string? difference) => Assert.True(difference is null, $"seed {seed}: {difference}");
}
