using System.Buffers.Binary;
using FlowMeter.Engine.Capture;
using FlowMeter.Engine.Features;
using FlowMeter.Engine.Flow;
using FlowMeter.Engine.Metering;
using FlowMeter.Engine.Output;
using FlowMeter.Engine.Packets;
using FlowMeter.Engine.Scoring;
using FlowMeter.Tests.EndToEnd;
using FlowMeter.Tests.Native;
using FlowMeter.Tests.Oracle;
using FlowMeter.Tests.Support;
using Savefile = FlowMeter.Engine.Capture.Savefile;

namespace FlowMeter.Tests.Packets;

/// <summary>
/// The two parts of a split capture hold every record once, in order, byte for byte, and all that is no packet; a packet is where its row
/// in the table of packets says.
/// </summary>
public sealed class CaptureSplitTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(false, false)]
    [InlineData(false, true)]
    [InlineData(true, false)]
    [InlineData(true, true)]
    public void Pcap_is_parted_record_by_record(bool bigEndian, bool nanoseconds)
    {
        for (int seed = 0; seed < 4; seed++)
        {
            Check(CaptureWriter.Pcap(Frames(seed), bigEndian, nanoseconds), seed);
        }
    }

    [Fact]
    public void Old_and_modified_pcap_keep_their_record_headers()
    {
        // Version 2.2 has the lengths the other way round; Kuznetzov's has eight bytes more before the data.
        List<Frame> frames = [.. Frames(1).Select(frame => frame with { OriginalLength = (uint)frame.Captured.Length })];
        byte[] old = CaptureWriter.Pcap(frames);
        old[6] = 2;
        Check(old, 1);

        List<byte> modified = [];
        foreach (CapturePiece piece in CapturePieces.Of(CaptureWriter.Pcap(frames, nanoseconds: false)))
        {
            modified.AddRange(piece.IsPacket
                ? [.. piece.Bytes[..16], 1, 2, 3, 4, 5, 6, 7, 8, .. piece.Bytes[16..]]
                : [0x34, 0xCD, 0xB2, 0xA1, .. piece.Bytes[4..]]);
        }

        Check([.. modified], 1);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    public void Pcapng_keeps_all_that_is_no_packet(int kind)
    {
        for (int seed = 0; seed < 8; seed++)
        {
            PcapNgFormat format = new()
            {
                BigEndian = seed % 2 == 1,
                AlternateByteOrder = seed % 3 == 1,
                FramesPerSection = seed % 4 == 0 ? 0 : 37,
                Resolution = (seed % 5) switch { 0 => 9, 1 => null, 2 => 0x94, 3 => 6, _ => 10 },
                PacketBlock = (PcapNgPacketBlock)kind,
                Decorated = seed != 3,
                StatesLength = seed % 2 == 0,
            };
            Check(CaptureWriter.PcapNg(Frames(seed), format), seed);
        }
    }

    [Fact]
    public void Sections_of_other_link_types_follow_one_another()
    {
        List<Frame> frames = [.. Frames(1), .. Traffic.Random(2, new TrafficShape { LinkType = PacketBuilder.LinkRaw }), .. Frames(3)];
        Check(CaptureWriter.PcapNg(frames, new PcapNgFormat { Decorated = true }), 0);
    }

    [Fact]
    public void Blocks_longer_than_any_read_are_whole()
    {
        byte[] capture = CaptureWriter.PcapNg(Frames(1));
        List<CapturePiece> pieces = CapturePieces.Of(capture);
        byte[] middle =
        [
            .. pieces.Take(100).SelectMany(piece => piece.Bytes), .. Block(0xBAD, 3_000_000),
            .. pieces.Skip(100).SelectMany(piece => piece.Bytes), .. Block(10, 700_000),
        ];
        Check(middle, 1);
        Check([.. middle, .. Enumerable.Repeat(Block(4, 1000), 4000).SelectMany(block => block), .. Block(0xBAD, 900_000)], 0);
    }

    [Fact]
    public void A_block_too_long_to_keep_ends_the_split_there()
    {
        byte[] capture = CaptureWriter.PcapNg(Frames(1));
        byte[] longer = [.. capture, .. Block(0xBAD, (int)RawRecords.LongestBlock + 4), .. capture];
        using SavefileSource source = Savefile.Open("capture", new MemoryStream(longer), _ => { });
        using PacketBatch batch = new() { Records = new RawRecords() };
        int frames = 0;
        CaptureException failure = Assert.Throws<CaptureException>(() =>
        {
            while (source.TryFill(batch))
            {
                frames += batch.Count;
                batch.Records.Clear();
            }
        });
        Assert.Equal(Frames(1).Count, frames);
        Assert.Contains(
            $"damaged at byte {capture.Length}: a block of type BAD states {RawRecords.LongestBlock + 4} bytes", failure.Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public void What_is_torn_at_the_end_is_in_neither_part()
    {
        byte[] capture = CaptureWriter.Pcap(Frames(1));
        Check(capture[..^1], 0);
        byte[] blocks = [.. CaptureWriter.PcapNg(Frames(1)), .. Block(0xBAD, 2_000_000)];
        Check(blocks[..^5], 0);
        Check(blocks[..^1_999_990], 0);
    }

    [Fact]
    public void A_capture_without_packets_gives_two_of_them()
    {
        Check(CaptureWriter.Pcap([]), 0);
        Check(CaptureWriter.PcapNg([], new PcapNgFormat { Decorated = true }), 0);
    }

    [Fact]
    public void What_comes_before_the_decision_is_suspicious()
    {
        // The first flow is benign as of its third packet, and malicious with all six.
        int[] flows = [1, 1, 2, 1, 1, 2, 3, 1, 2, 2, 2, 1];
        byte[] capture = CaptureWriter.Pcap([.. flows.Select((flow, second) => Samples.Udp(flow, second))]);
        (byte[] suspicious, byte[] benign, _) = Split(capture, new FlowOptions { DecideAfter = 3 }, 0);
        Assert.Equal([0.0, 1, 2, 3, 5, 6, 8], Seconds(suspicious));
        Assert.Equal([4.0, 7, 9, 10, 11], Seconds(benign));
    }

    [Fact]
    public void A_part_that_nobody_wants_is_counted_all_the_same()
    {
        byte[] capture = CaptureWriter.Pcap(Frames(1));
        CaptureSplit split = new(capture.AsSpan(0, 24), null, null);
        split.Add(capture.AsSpan(24, 100), 60, isBenign: true);
        split.Flush();
        Assert.Equal((0, 0, 1, 60), (split.Suspicious.Frames, split.Suspicious.Bytes, split.Benign.Frames, split.Benign.Bytes));
    }

    private static List<Frame> Frames(int seed) => Traffic.Random(seed, new TrafficShape { Conversations = 80 });

    private static byte[] Block(uint type, int length)
    {
        byte[] block = new byte[(length + 3) & ~3];
        new Random(length).NextBytes(block);
        BinaryPrimitives.WriteUInt32LittleEndian(block, type);
        BinaryPrimitives.WriteInt32LittleEndian(block.AsSpan(4), block.Length);
        BinaryPrimitives.WriteInt32LittleEndian(block.AsSpan(block.Length - 4), block.Length);
        return block;
    }

    private static double[] Seconds(byte[] capture) =>
        [.. ReferenceReader.Read(capture).Frames.Select(frame => (frame.TimestampNs / 1_000_000_000) - 1_700_000_000.0)];

    /// <summary>Walks through the capture and both parts at once.</summary>
    private void Check(byte[] capture, int seed)
    {
        (byte[] suspicious, byte[] benign, CsvTable packets) = Split(capture, new FlowOptions { MinPackets = 1 + (seed % 3) }, seed);
        List<CapturePiece>[] parts = [CapturePieces.Of(suspicious), CapturePieces.Of(benign)];
        Assert.Equal([suspicious.Length, benign.Length], parts.Select(pieces => pieces.Sum(piece => piece.Bytes.Length)));
        int[] next = [0, 0];
        int frame = 0;
        foreach (CapturePiece piece in CapturePieces.Of(capture))
        {
            byte[] bytes = piece.IsSection
                ? [.. piece.Bytes[..16], .. Enumerable.Repeat((byte)0xFF, 8), .. piece.Bytes[24..]]
                : piece.Bytes;
            for (int part = 0; part < 2; part++)
            {
                if (!piece.IsPacket || (part == 1) == (packets.Text(frame, "verdict") == "benign"))
                {
                    Assert.True(next[part] < parts[part].Count, $"frame {frame}: the part ends before it");
                    Assert.Equal(bytes, parts[part][next[part]++].Bytes);
                }
            }

            frame += piece.IsPacket ? 1 : 0;
        }

        Assert.Equal(parts.Select(pieces => pieces.Count), next);
        Assert.Equal(frame, packets.Rows.Count);
        if (frame > 100)
        {
            Assert.All(parts, pieces => Assert.InRange(pieces.Count(piece => piece.IsPacket), 20, frame - 20));
        }
    }

    private (byte[] Suspicious, byte[] Benign, CsvTable Packets) Split(byte[] capture, FlowOptions options, int seed)
    {
        Model model = ModelFile.Load(
            _folder.Write("m.json", SecondPassTests.ByPackets),
            Profile.All.ToDictionary(profile => profile.Name, profile => profile.FeatureNames));
        using VerdictIndex index = new();
        using (MeteringProcess process = new(Profile.All[0], new MeteringOptions { Flow = options }, model, output: null, index))
        using (IPacketSource source = Savefile.Open("capture", new MemoryStream(capture), _ => { }))
        {
            try
            {
                process.Run(source, CancellationToken.None);
            }
            catch (CaptureException e) when (e.Fault == CaptureFault.Incomplete)
            {
                // What is torn ends both passes alike.
            }
        }

        using OutputFile packets = OutputFile.Open(_folder["packets.csv"]);
        using OutputFile suspicious = OutputFile.Open(_folder["suspicious"]);
        using OutputFile benign = OutputFile.Open(_folder["benign"]);
        using (SavefileSource source = Savefile.Open("capture", new TrickleStream(capture, seed == 0 ? 100_000 : 4999), _ => { }))
        {
            CaptureSplit split = new(source.FileHeader, suspicious, benign);
            Assert.True(SecondPass.Run(source, null, options, index, packets, split, CancellationToken.None) is null
                or { Fault: CaptureFault.Incomplete });
            CapturePart[] parts = [split.Suspicious, split.Benign];
            List<Frame> frames = ReferenceReader.Read(capture).Frames;
            if (frames.Count > 0)
            {
                Assert.Equal(
                    (frames.Count, frames.Sum(frame => frame.OriginalLength)),
                    (parts.Sum(part => part.Frames), parts.Sum(part => part.Bytes)));
            }
        }

        packets.Complete();
        suspicious.Complete();
        benign.Complete();
        return (File.ReadAllBytes(_folder["suspicious"]), File.ReadAllBytes(_folder["benign"]), CsvTable.ReadFile(_folder["packets.csv"]));
    }
}
