using FlowMeter.Engine.Capture;
using FlowMeter.Engine.Decode;
using FlowMeter.Tests.Metering;
using FlowMeter.Tests.Oracle;
using FlowMeter.Tests.Support;

namespace FlowMeter.Tests.Capture;

/// <summary>Readers on damaged files: never a crash, never a frame that is not accounted for, an end with one honest line.</summary>
public sealed class ReaderDamageTests
{
    private static readonly List<Frame> s_frames = Traffic.Random(5, new TrafficShape { Conversations = 8 });

    public static TheoryData<string> Formats => [.. s_written.Keys];

    private static readonly Dictionary<string, byte[]> s_written = new()
    {
        ["pcap"] = CaptureWriter.Pcap(s_frames, nanoseconds: false),
        ["big-endian pcap"] = CaptureWriter.Pcap(s_frames, bigEndian: true),
        ["pcapng"] = CaptureWriter.PcapNg(s_frames),
        ["pcapng of many kinds"] = CaptureWriter.PcapNg(
            s_frames, new PcapNgFormat { Decorated = true, FramesPerSection = 7, AlternateByteOrder = true, OffsetSeconds = -5 }),
        ["obsolete pcapng"] = CaptureWriter.PcapNg(
            s_frames, new PcapNgFormat { PacketBlock = PcapNgPacketBlock.Obsolete, Resolution = null }),
        ["simple pcapng"] = CaptureWriter.PcapNg(s_frames, new PcapNgFormat { PacketBlock = PcapNgPacketBlock.Simple, SnapLength = 60 }),
    };

    [Theory, MemberData(nameof(Formats))]
    public void Damage_gives_the_references_frames_and_ending(string format)
    {
        Parallel.For(0, 250, seed => AssertHonest(Damage.To(s_written[format], new Random(seed)), $"seed {seed}"));
    }

    [SharedFact]
    public void Damage_to_odd_captures_gives_the_references_frames_and_ending()
    {
        string[] paths =
            [.. SharedFolder.Captures().Where(path => path.Contains("edge", StringComparison.Ordinal) && new FileInfo(path).Length < 4000)];
        Assert.True(paths.Length > 100);
        Parallel.For(0, 1500, seed =>
        {
            string path = paths[seed % paths.Length];
            AssertHonest(Damage.To(File.ReadAllBytes(path), new Random(seed)), $"seed {seed}, {Path.GetFileName(path)}");
        });
    }

    /// <summary>A file that ends anywhere gives its whole records; where it ends inside one it says so.</summary>
    [Theory, MemberData(nameof(Formats))]
    public void A_torn_file_gives_its_whole_records(string format)
    {
        byte[] whole = s_written[format];
        Random random = new(2);
        for (int length = 4; length < whole.Length; length += length < 300 ? 1 : random.Next(1, whole.Length / 100))
        {
            AssertHonest(whole[..length], $"length {length}");
        }
    }

    /// <summary>One byte read too many ends the test run.</summary>
    [Theory, MemberData(nameof(Formats))]
    public unsafe void Nothing_is_read_beyond_the_data(string format)
    {
        Random random = new(1);
        for (int i = 0; i < 300; i++)
        {
            byte[] bytes = i == 0 ? s_written[format] : Damage.To(s_written[format], random);
            for (int cut = 0; cut < 20; cut++)
            {
                WalkGuarded(bytes[..(random.Next(8) == 0 ? bytes.Length : random.Next(bytes.Length))]);
            }
        }
    }

    private static unsafe void WalkGuarded(byte[] bytes)
    {
        SavefileFormat? format = bytes.Length >= 4 && BitConverter.ToUInt32(bytes) == PcapngFormat.SectionHeader
            ? new PcapngFormat("capture", _ => { })
            : null;
        long at = 0;
        try
        {
            if (format is null)
            {
                format = PcapFormat.TryCreate("capture", bytes);
                at = PcapFormat.HeaderLength;
            }

            using GuardedBuffer guarded = new(bytes);
            using PacketBatch batch = new();
            long used = 1;
            while (format is not null && used > 0 && at < bytes.Length)
            {
                used = format.Walk(guarded.Pointer + at, (int)(bytes.Length - at), at, batch);
                at += used;
                for (int i = 0; i < batch.Count; i++)
                {
                    Assert.True(batch.Data[i] + batch.CapturedLength[i] <= guarded.Pointer + guarded.Length);
                }
            }
        }
        catch (CaptureException)
        {
            // The honest end of a damaged file.
        }
    }

    private static void AssertHonest(byte[] bytes, string which)
    {
        ReferenceCapture capture = ReferenceReader.Read(bytes);
        EngineResult actual = new EngineMeter { BytesPerRead = 4096 }.Run(bytes);
        if (actual.Damage is not null)
        {
            Assert.DoesNotContain('\n', actual.Damage.Message);
        }

        if (actual.Totals is null)
        {
            Assert.True(capture.Frames.Count == 0 && capture.Ending != CaptureEnding.Complete, $"{which}: {actual.Damage!.Message}");
            return;
        }

        CaptureEnding ending = actual.Damage is { Fault: CaptureFault.Incomplete } ? CaptureEnding.Torn
            : actual.Damage is not null ? CaptureEnding.Damaged
            : CaptureEnding.Complete;
        Assert.True(capture.Ending == ending, $"{which}: {capture.Ending} expected, the engine says {ending}: {actual.Damage?.Message}");
        string? difference = ReferenceAgreement.FirstDifference(actual, ReferenceMeter.Run(capture.Frames));
        Assert.True(difference is null, $"{which}: {difference}");
        Assert.Equal(actual.Totals.Frames[DecodeResult.Metered], actual.Sum("packets"));
    }
}
