using System.Text.Json;
using FlowMeter.Tests.Oracle;
using FlowMeter.Tests.Support;

namespace FlowMeter.Tests.EndToEnd;

/// <summary>
/// A live capture parted by the verdicts at the third packet: every frame that is sent goes where the rule says, as it was.
/// </summary>
[Trait("Category", "EndToEnd")]
public sealed class LiveSplitTests : IDisposable
{
    // By the size of the first three packets: one of less than 150 bytes on average is benign.
    internal const string AtThird = """
        { "schema": "flowmeter-model/1", "name": "by size", "profile": "flowmeter", "intercept": -4.5, "decide_after": 3,
          "features": [ { "name": "bytes", "transform": "identity", "centre": 0, "scale": 100, "weight": 1 } ] }
        """;

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [BinaryTheory(Need.Network)]
    [InlineData("1")]
    [InlineData("3")]
    public void Every_frame_goes_where_the_rule_says(string workers)
    {
        (byte[][] frames, bool[] benign) = Frames();
        using VethPair wire = new();
        Launched process = wire.CaptureInto(
            _folder["flows.csv"], "-q", "--workers", workers, "--model", _folder.Write("m.json", AtThird), "--decide-after", "3",
            "--summary", _folder["s.json"],
            "--write-suspicious", _folder["suspicious.pcap"], "--write-benign", _folder["benign.pcap"]);
        wire.Send(frames);
        process.Signal("TERM");
        Assert.Empty(process.AwaitEnd().Succeeded().Errors);
        Summary summary = Summary.Read(_folder["s.json"]);
        Assert.Equal(frames.Length, summary.Frames);
        AssertSame(frames.Where((_, i) => !benign[i]), Read("suspicious.pcap"), workers == "1");
        AssertSame(frames.Where((_, i) => benign[i]), Read("benign.pcap"), workers == "1");
        JsonElement split = summary["split"];
        Assert.Equal(benign.Count(way => way), split.GetProperty("benign_frames").GetInt64());
        Assert.Equal(frames.Where((_, i) => !benign[i]).Sum(frame => (long)frame.Length), split.GetProperty("suspicious_bytes").GetInt64());
        Assert.Equal((double)benign.Count(way => way) / frames.Length, split.GetProperty("frames_spared").GetDouble(), 1e-12);
        Assert.Equal(0, summary["capture"].GetProperty("packets_lost").GetInt64());

        // What read says of the same packets: the rule, and the same share.
        string file = _folder.WriteCapture(
            "sent.pcap", [.. frames.Select((frame, i) => Frame.Whole(PacketBuilder.LinkEthernet, i * 1000L, frame))]);
        FlowMeterBinary.Run("read", file, "-q", "--model", _folder["m.json"], "-o", _folder["read.csv"], "--summary", _folder["r.json"])
            .Succeeded();
        double metered = Summary.Read(_folder["r.json"])["metered"].GetInt64();
        Assert.Equal(
            benign.Count(way => way) / metered, Summary.Read(_folder["r.json"])["data_reduction"].GetProperty("packets").GetDouble(),
            1e-12);
    }

    [BinaryFact(Need.Network)]
    public void Statistics_and_the_summary_for_people_say_what_is_spared()
    {
        (byte[][] frames, bool[] benign) = Frames();
        using VethPair wire = new();
        Launched process = wire.CaptureInto(
            _folder["flows.csv"], "--model", _folder.Write("m.json", AtThird), "--write-benign", _folder["%Y-benign.pcap"], "--stats-every",
            "0.3");
        wire.Send(frames);
        Thread.Sleep(1000);
        process.Signal("TERM");
        string said = process.AwaitEnd().Succeeded().Errors;
        Assert.Contains(
            $"; packets sent on {benign.Count(way => !way):#,0}, spared {benign.Count(way => way):#,0} (", said, StringComparison.Ordinal);
        Assert.Contains($"sent on {benign.Count(way => !way),21:#,0}   of {frames.Length:#,0} frames", said, StringComparison.Ordinal);
        Assert.Single(Directory.GetFiles(_folder[""], "20*-benign.pcap"));
    }

    [BinaryTheory(Need.Network)]
    [InlineData("judges whole flows, when their packets have gone by", "--write-benign", "b.pcap")]
    [InlineData("there is no model", "--write-benign", "b.pcap", "--model", "none")]
    [InlineData(
        "--min-packets 4 leaves out flows that are judged at packet 3 already", "--write-suspicious", "s.pcap", "--model", "m.json",
        "--min-packets", "4")]
    [InlineData(
        "with --decapsulate come through one handle, and only one worker can keep them; use --workers 1", "--write-suspicious", "s.pcap",
        "--model", "m.json", "--decapsulate", "--workers", "2")]
    [InlineData("is the suspicious packets' file, too", "--write-suspicious", "s.pcap", "--write-benign", "./s.pcap", "--model", "m.json")]
    [InlineData("is the table's file, too", "--write-suspicious", "-", "--model", "m.json")]
    [InlineData("the packets of far0 have link type 1, those of any", "--write-suspicious", "s.pcap", "--model", "m.json", "-i", "any")]
    [InlineData("is not a conversion that file names can have", "--write-suspicious", "%q.pcap", "--model", "m.json")]
    public void What_can_not_be_parted_is_refused(string problem, params string[] arguments)
    {
        _folder.Write("m.json", AtThird);
        using VethPair wire = new();
        Finished finished = wire.Capture([.. arguments.Select(
            word => word.EndsWith(".pcap", StringComparison.Ordinal) || word == "m.json" ? _folder[word] : word)]).Finish();
        string line = finished.EndedWith(2).OnlyLine();
        Assert.Contains(problem, line, StringComparison.Ordinal);
    }

    [BinaryFact(Need.Network)]
    public void An_interface_that_is_down_has_no_link_type_yet()
    {
        using VethPair wire = new();
        wire.Set("down");
        Finished finished = wire.Capture("--model", _folder.Write("m.json", AtThird), "--write-suspicious", _folder["s.pcap"]).Finish();
        Assert.Contains(
            "is down, and --write-suspicious has to know its link type", finished.EndedWith(1).Errors, StringComparison.Ordinal);
    }

    /// <summary>
    /// Forty flows side by side, half of them of large packets, with other frames between; and which frames follow on a benign verdict.
    /// </summary>
    internal static (byte[][] Frames, bool[] Benign) Frames()
    {
        List<byte[]> frames = [];
        List<bool> benign = [];
        for (int round = 0; round < 60; round++)
        {
            for (int flow = 0; flow < 40; flow++)
            {
                // Some are so short that they are never judged before their end.
                if (flow % 8 == 6 && round >= flow / 8)
                {
                    continue;
                }

                bool isLarge = flow % 2 == 1;
                frames.Add((round + flow) % 3 == 2 && !isLarge
                    ? Samples.UdpAnswer(flow, 0).Captured
                    : Samples.Udp(flow, 0, isLarge ? 400 + round : 20 + (round * 9)).Captured);
                benign.Add(!isLarge && round >= 3);
            }

            frames.Add(Samples.Arp(0).Captured);
            benign.Add(false);
        }

        return ([.. frames], [.. benign]);
    }

    private static void AssertSame(IEnumerable<byte[]> expected, List<Frame> actual, bool isOrdered)
    {
        IEnumerable<string> sent = expected.Select(Convert.ToHexString);
        IEnumerable<string> found = actual.Select(frame => Convert.ToHexString(frame.Captured));
        Assert.Equal(isOrdered ? sent : sent.Order(StringComparer.Ordinal), isOrdered ? found : found.Order(StringComparer.Ordinal));
    }

    private List<Frame> Read(string name)
    {
        ReferenceCapture capture = ReferenceReader.ReadFile(_folder[name]);
        Assert.Equal(CaptureEnding.Complete, capture.Ending);
        Assert.All(
            capture.Frames,
            frame => Assert.Equal((PacketBuilder.LinkEthernet, (uint)frame.Captured.Length), (frame.LinkType, frame.OriginalLength)));
        Assert.All(capture.Frames, frame => Assert.InRange(frame.TimestampNs, 1_600_000_000_000_000_000, 4_000_000_000_000_000_000));
        return capture.Frames;
    }
}
