using FlowMeter.Engine.Capture;
using FlowMeter.Engine.Decode;
using FlowMeter.Engine.Features;
using FlowMeter.Engine.Flow;
using FlowMeter.Engine.Metering;
using FlowMeter.Engine.Packets;
using FlowMeter.Engine.Scoring;
using FlowMeter.Tests.Native;
using FlowMeter.Tests.Oracle;
using FlowMeter.Tests.Packets;
using FlowMeter.Tests.Support;
using Savefile = FlowMeter.Engine.Capture.Savefile;

namespace FlowMeter.Tests.Fuzz;

/// <summary>
/// The second pass over a capture: it finds the flows of the first, and each frame has a row and is in one of two captures. The bytes: how
/// it is metered (1), and a capture.
/// </summary>
internal static class SplitTarget
{
    // Both passes find the same flows as long as no packet comes later than this, as the message of the exception says.
    private const long LongestDisorder = 10_000_000_000;
    private const int MaxFrames = 2000;

    private static readonly Model s_model = ModelJson.Read(
        System.Text.Encoding.UTF8.GetBytes(SecondPassTests.ByPackets), "model",
        Profile.All.ToDictionary(profile => profile.Name, profile => profile.FeatureNames));

    public static void Run(byte[] bytes)
    {
        if (bytes.Length < 1)
        {
            return;
        }

        byte[] capture = bytes[1..];
        List<Frame> frames = ReferenceReader.Read(capture).Frames;
        if (frames.Count is 0 or > MaxFrames)
        {
            return;
        }

        FlowOptions flow = new()
        {
            MinPackets = 1 + (bytes[0] & 3),
            SweepFrom = (bytes[0] & 4) != 0 ? 0 : 1 << 16,
            DecideAfter = (bytes[0] & 8) != 0 ? 2 : null,
            Tunnels = (bytes[0] & 16) != 0 ? TunnelPorts.Default : null,
        };
        using VerdictIndex index = new();
        MeteringOptions options = new() { Flow = flow, Workers = (bytes[0] & 32) != 0 ? 2 : 1 };
        string? damage = Meter(capture, options, index);
        using MemoryOutput packets = new();
        using MemoryOutput suspicious = new();
        using MemoryOutput benign = new();
        try
        {
            using SavefileSource source = Open(capture, 4999);
            CaptureSplit split = new(source.FileHeader, suspicious, benign);
            CaptureException? again = SecondPass.Run(source, null, flow, index, packets, split, CancellationToken.None);

            // Not the words: a block that is too long to be kept may be one that is cut off, too.
            Assert.True((again == null) == (damage == null), $"{damage} / {again?.Message}");
            Assert.Equal(
                (frames.Count, frames.Sum(frame => frame.OriginalLength)),
                (split.Suspicious.Frames + split.Benign.Frames, split.Suspicious.Bytes + split.Benign.Bytes));
        }
        catch (CaptureException changed) when (IsDisordered(frames))
        {
            Assert.Contains("out of order", changed.Message, StringComparison.Ordinal);
            return;
        }

        Assert.Equal(frames.Count + 1, packets.ToArray().AsSpan().Count((byte)'\n'));
        Merged(frames, ReferenceReader.Read(suspicious.ToArray()), ReferenceReader.Read(benign.ToArray()));
    }

    private static SavefileSource Open(byte[] capture, int bytesPerRead) =>
        Savefile.Open("capture", new TrickleStream(capture, bytesPerRead), _ => { });

    private static string? Meter(byte[] capture, MeteringOptions options, VerdictIndex index)
    {
        using MeteringProcess process = new(Profile.All[0], options, s_model, output: null, index);
        using SavefileSource source = Open(capture, int.MaxValue);
        try
        {
            process.Run(source, CancellationToken.None);
            return null;
        }
        catch (CaptureException damage)
        {
            return damage.Message;
        }
    }

    private static bool IsDisordered(List<Frame> frames)
    {
        long newest = long.MinValue;
        foreach (Frame frame in frames)
        {
            newest = Math.Max(newest, frame.TimestampNs);
            if (newest - frame.TimestampNs > LongestDisorder)
            {
                return true;
            }
        }

        return false;
    }

    private static void Merged(List<Frame> frames, ReferenceCapture suspicious, ReferenceCapture benign)
    {
        Assert.Equal((CaptureEnding.Complete, CaptureEnding.Complete), (suspicious.Ending, benign.Ending));
        Assert.Equal(frames.Count, suspicious.Frames.Count + benign.Frames.Count);

        // Frames that are alike may be in either part: what matters is that each is there as often as in the whole.
        static IEnumerable<string> Texts(IEnumerable<Frame> frames) => frames.Select(
            frame => $"{frame.LinkType} {frame.TimestampNs} {frame.OriginalLength} {Convert.ToHexString(frame.Captured)}").Order(
                StringComparer.Ordinal);
        Assert.Equal(Texts(frames), Texts(suspicious.Frames.Concat(benign.Frames)));
    }
}
