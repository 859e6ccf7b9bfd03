using FlowMeter.Engine.Capture;
using FlowMeter.Engine.Decode;
using FlowMeter.Engine.Features;
using FlowMeter.Engine.Flow;
using FlowMeter.Engine.Metering;
using FlowMeter.Engine.Output;
using FlowMeter.Engine.Packets;
using FlowMeter.Engine.Scoring;
using FlowMeter.Tests.EndToEnd;
using FlowMeter.Tests.Oracle;
using FlowMeter.Tests.Output;
using FlowMeter.Tests.Support;
using LinkType = FlowMeter.Engine.Capture.LinkType;

namespace FlowMeter.Tests.Packets;

/// <summary>
/// Frames one by one, as a live interface gives them: each goes one way, by its flow and its place in it, and comes out as it was.
/// </summary>
public sealed class FrameRoutingTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(6)]
    public void Each_frame_goes_its_way(int decideAfter)
    {
        long benign = 0;
        for (int seed = 0; seed < 6; seed++)
        {
            List<Frame> frames = Traffic.Random(seed, new TrafficShape { Conversations = 200 });

            // More frames that belongs to no flow than a window keeps, and longer ones than there is room for 64 of.
            frames.InsertRange(frames.Count / 3, Enumerable.Range(0, 700).Select(_ => Samples.Arp(1)));
            frames.InsertRange(frames.Count / 2, Enumerable.Range(0, 80).Select(i => Samples.Udp(i % 3, 2, 60_000)));
            benign += Check([.. frames], decideAfter, seed);
        }

        Assert.True(benign > 100, $"{benign} frames are benign");
    }

    private long Check(Frame[] frames, int decideAfter, int seed)
    {
        Profile profile = Profile.All[0];
        Model model = new()
        {
            Name = "by size",
            Profile = profile.Name,
            Intercept = -0.3,
            MinPackets = 1,
            DecideAfter = decideAfter,
            Features = [ModelFeature.Identity("bytes", 90.0 * decideAfter, 100, 1), ModelFeature.Identity("fwd_packets", 0, 1, -0.1)],
        };
        FlowOptions options = new() { DecideAfter = decideAfter };
        bool[] expected = Expected(profile, model, options, CaptureWriter.Pcap(frames));
        string suspicious = _folder[$"s{decideAfter}-{seed}.pcap"];
        string benign = _folder[$"b{decideAfter}-{seed}.pcap"];
        using (ResilientOutput suspiciousOutput = Open(suspicious))
        using (ResilientOutput benignOutput = Open(benign))
        {
            FrameRouting routing = new(LinkType.Ethernet, 262_144, suspiciousOutput, benignOutput);
            Feed(profile, model, options, routing, frames, new Random(seed));
            suspiciousOutput.Complete();
            benignOutput.Complete();
            DataReduction counted = routing.Reduction;
            Assert.Equal(
                (frames.Length - expected.Count(way => way), expected.Count(way => way)), (counted.SuspiciousFrames, counted.BenignFrames));
            Assert.Equal(frames.Sum(frame => (long)frame.OriginalLength), counted.SuspiciousBytes + counted.BenignBytes);
            Assert.Equal(0, routing.LostFrames);
        }

        Assert.Equal(Texts(frames.Where((_, i) => !expected[i])), Texts(Read(suspicious)));
        Assert.Equal(Texts(frames.Where((_, i) => expected[i])), Texts(Read(benign)));
        return expected.Count(way => way);
    }

    /// <summary>The rule, written down once more: packets after the N-th of a flow that is judged benign in the end.</summary>
    private static bool[] Expected(Profile profile, Model model, FlowOptions options, byte[] capture)
    {
        using VerdictIndex index = new();
        using (IPacketSource source = Savefile.Open("capture", new MemoryStream(capture), _ => { }))
        using (MeteringProcess process = new(profile, new MeteringOptions { Flow = options }, model, output: null, index))
        {
            process.Run(source, CancellationToken.None);
        }

        index.Sort();
        List<bool> ways = [];
        Dictionary<long, int> packets = [];
        using FlowTracker tracker = new(options, index);
        using PacketBatch batch = new();
        using SavefileSource again = Savefile.Open("capture", new MemoryStream(capture), _ => { });
        while (again.TryFill(batch))
        {
            for (int i = 0; i < batch.Count; i++)
            {
                tracker.Process(batch, i);
                int place = 0;
                if (tracker.HasFlow)
                {
                    packets[tracker.Number] = place = packets.GetValueOrDefault(tracker.Number) + 1;
                }

                ways.Add(place > options.DecideAfter && index.VerdictOf(tracker.Number) == Verdict.Benign);
            }
        }

        return [.. ways];
    }

    private static unsafe void Feed(Profile profile, Model model, FlowOptions options, FrameRouting routing, Frame[] frames, Random random)
    {
        FlowHash hash = new();
        using FragmentTable fragments = new(hash);
        using FlowRecordBlock block = new();
        using FlowWorker worker = profile.CreateWorker(new FlowWorkerParts
        {
            Options = options with { SweepFrom = long.MaxValue },
            Hash = hash,
            Fragments = fragments,
            Consumer = new Nowhere(),
            FirstBlock = block,
            EarlyScorer = new EarlyScorer(profile, model),
            Frames = routing.CreateRouter(),
        });
        long now = 0;
        foreach (Frame frame in frames)
        {
            now = Math.Max(now, frame.TimestampNs);
            fixed (byte* data = frame.Captured)
            {
                worker.ProcessAndRetain(
                    (LinkType)frame.LinkType, data, (uint)frame.Captured.Length, frame.OriginalLength, frame.TimestampNs);
            }

            if (random.Next(50) == 0)
            {
                worker.Tick(now, random.Next(2) == 0);
            }
        }

        worker.Finish(worker.Clock.Now);
    }

    private static ResilientOutput Open(string path) =>
        ResilientOutput.Open(path, Rotation.Never, new SetClock("2026-01-01T00:00:00"), Assert.Fail, PacketFraming.Instance);

    private static List<Frame> Read(string path)
    {
        if (!File.Exists(path))
        {
            return [];
        }

        ReferenceCapture capture = ReferenceReader.ReadFile(path);
        Assert.Equal(CaptureEnding.Complete, capture.Ending);
        return capture.Frames;
    }

    private static string[] Texts(IEnumerable<Frame> frames) =>
        [.. frames.Select(frame => $"{frame.LinkType} {frame.TimestampNs} {frame.OriginalLength} {Convert.ToHexString(frame.Captured)}")];

    private sealed class Nowhere : IFlowConsumer
    {
        public FlowRecordBlock Exchange(FlowRecordBlock full)
        {
            full.Drop();
            return full;
        }

        public unsafe void LeaveOut(FlowHeader* header, int waiting)
        {
        }

        public void EndOfPackets()
        {
        }
    }
}
