using FlowMeter.Tests.Support;

namespace FlowMeter.Tests.Oracle;

public sealed class ReferenceReaderTests
{
    private static readonly List<Frame> s_frames = Traffic.Random(1, new TrafficShape { Conversations = 20 });

    [Theory]
    [InlineData(false, false)]
    [InlineData(false, true)]
    [InlineData(true, false)]
    [InlineData(true, true)]
    public void Pcap_comes_back_as_written(bool bigEndian, bool nanoseconds)
    {
        ReferenceCapture capture = ReferenceReader.Read(CaptureWriter.Pcap(s_frames, bigEndian, nanoseconds));

        Assert.Equal(CaptureEnding.Complete, capture.Ending);
        AssertSame(s_frames, capture.Frames, resolutionNs: nanoseconds ? 1 : 1000);
    }

    [Fact]
    public void Pcapng_comes_back_as_written()
    {
        List<Frame> mixed = [.. s_frames, .. Traffic.Random(2, new TrafficShape { Conversations = 5, LinkType = PacketBuilder.LinkRaw })];
        PcapNgFormat[] formats =
        [
            new(),
            new() { BigEndian = true },
            new() { AlternateByteOrder = true, FramesPerSection = 7, Decorated = true },
            new() { PacketBlock = PcapNgPacketBlock.Obsolete, BigEndian = true, FramesPerSection = 50 },
            new() { OffsetSeconds = 1_600_000_000 },
            new() { OffsetSeconds = -1_600_000_000, Decorated = true },
        ];
        foreach (PcapNgFormat format in formats)
        {
            ReferenceCapture capture = ReferenceReader.Read(CaptureWriter.PcapNg(mixed, format));
            Assert.Equal(CaptureEnding.Complete, capture.Ending);
            AssertSame(mixed, capture.Frames, resolutionNs: 1);
        }
    }

    [Theory]
    [InlineData(null, 1_700_000_000_123_456_000)]
    [InlineData((byte)6, 1_700_000_000_123_456_000)]
    [InlineData((byte)3, 1_700_000_000_123_000_000)]
    [InlineData((byte)0, 1_700_000_000_000_000_000)]
    [InlineData((byte)0x80, 1_700_000_000_000_000_000)]
    [InlineData((byte)0x82, 1_700_000_000_000_000_000)]
    [InlineData((byte)0x84, 1_700_000_000_062_500_000)]
    [InlineData((byte)(0x80 | 33), 1_700_000_000_123_456_788)]
    public void Resolutions_floor_to_nanoseconds(byte? resolution, long expectedNs)
    {
        Frame frame = Frame.Whole(PacketBuilder.LinkEthernet, 1_700_000_000_123_456_789, PacketBuilder.Payload(14));
        ReferenceCapture capture = ReferenceReader.Read(CaptureWriter.PcapNg([frame], new PcapNgFormat { Resolution = resolution }));

        Assert.Equal(expectedNs, Assert.Single(capture.Frames).TimestampNs);
    }

    [Theory]
    [InlineData((byte)0, 0L, ulong.MaxValue, long.MaxValue - (1L << 60))]
    [InlineData((byte)9, long.MinValue, 5UL, -(1L << 60))]
    [InlineData((byte)12, 0L, 1_999UL, 1L)]
    [InlineData((byte)12, -1L, 1_999UL, -999_999_999L)]
    [InlineData((byte)127, 3L, ulong.MaxValue, 3_000_000_000L)]
    [InlineData((byte)255, 3L, ulong.MaxValue, 3_000_000_000L)]
    public void Times_stay_in_range(byte resolution, long offsetSeconds, ulong ticks, long expectedNs)
    {
        ReferenceInterface from = new(PacketBuilder.LinkEthernet, 0) { Resolution = resolution, OffsetSeconds = offsetSeconds };

        Assert.Equal(expectedNs, from.Nanoseconds(ticks));
    }

    [Fact]
    public void Simple_packets_have_no_time_and_the_first_interfaces_snap_length()
    {
        Frame frame = Frame.Whole(PacketBuilder.LinkEthernet, 5, PacketBuilder.Payload(99)).Cut(50);
        PcapNgFormat format = new() { PacketBlock = PcapNgPacketBlock.Simple, SnapLength = 50 };
        ReferenceCapture capture = ReferenceReader.Read(CaptureWriter.PcapNg([frame], format));

        AssertSame([frame with { TimestampNs = 0 }], capture.Frames, resolutionNs: 1);
    }

    [Fact]
    public void A_torn_file_yields_the_frames_before_the_tear()
    {
        List<Frame> few = s_frames[..12];
        foreach (byte[] whole in new[] { CaptureWriter.Pcap(few), CaptureWriter.PcapNg(few, new PcapNgFormat { Decorated = true }) })
        {
            int framesBefore = 0;
            for (int length = 4; length < whole.Length; length++)
            {
                ReferenceCapture capture = ReferenceReader.Read(whole[..length]);
                Assert.InRange(capture.Frames.Count, framesBefore, framesBefore + 1);
                Assert.Contains(capture.Ending, new[] { CaptureEnding.Torn, CaptureEnding.Complete });
                framesBefore = capture.Frames.Count;
            }
        }
    }

    [Fact]
    public void Any_damage_is_survived()
    {
        Random random = new(3);
        foreach (byte[] whole in new[] { CaptureWriter.Pcap(s_frames), CaptureWriter.PcapNg(s_frames) })
        {
            for (int i = 0; i < 500; i++)
            {
                byte[] damaged = [.. whole];
                for (int flips = random.Next(1, 20); flips > 0; flips--)
                {
                    damaged[random.Next(4, i % 2 == 0 ? 400 : damaged.Length)] = (byte)random.Next(256);
                }
                ReferenceCapture capture = ReferenceReader.Read(damaged);
                Assert.Equal(capture.Frames.Count, ReferenceMeter.Run(capture.Frames).Frames);
            }
        }
    }

    private static void AssertSame(List<Frame> expected, List<Frame> actual, long resolutionNs)
    {
        Assert.Equal(expected.Count, actual.Count);
        foreach ((Frame want, Frame have) in expected.Zip(actual))
        {
            Assert.Equal(want.LinkType, have.LinkType);
            Assert.Equal(want.TimestampNs / resolutionNs * resolutionNs, have.TimestampNs);
            Assert.Equal(want.OriginalLength, have.OriginalLength);
            Assert.Equal(want.Captured, have.Captured);
        }
    }
}
