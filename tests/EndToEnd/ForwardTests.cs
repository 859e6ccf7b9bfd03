using System.Diagnostics;
using System.Text.Json;
using FlowMeter.Native;
using FlowMeter.Tests.Native;

namespace FlowMeter.Tests.EndToEnd;

/// <summary>What an IDS sees that listens at the other end of <c>--forward-to</c>: the suspicious packets, and nothing else.</summary>
[Trait("Category", "EndToEnd")]
public sealed class ForwardTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [BinaryTheory(Need.Network)]
    [InlineData("1")]
    [InlineData("2")]
    public void The_other_end_gets_the_suspicious_packets(string workers)
    {
        (byte[][] frames, bool[] benign) = LiveSplitTests.Frames();
        using VethPair wire = new();
        using PcapCapture ids = Listen(wire);
        Launched process = wire.CaptureInto(_folder["flows.csv"], [.. Arguments, "--workers", workers]);
        wire.Send(frames);
        process.Signal("TERM");
        Assert.Empty(process.AwaitEnd().Succeeded().Errors);
        string[] expected = [.. frames.Where((_, i) => !benign[i]).Select(Convert.ToHexString)];
        string[] arrived = Arrived(ids, expected.Length);
        if (workers != "1")
        {
            Array.Sort(expected, StringComparer.Ordinal);
            Array.Sort(arrived, StringComparer.Ordinal);
        }

        Assert.Equal(expected.AsEnumerable(), arrived);
        AssertCounted(expected.Length, ("sent", expected.Length));
    }

    [BinaryFact(Need.Network)]
    public void An_interface_that_is_down_is_said_once_and_tried_again()
    {
        (byte[][] frames, bool[] benign) = LiveSplitTests.Frames();
        int suspicious = benign.Count(way => !way);
        using VethPair wire = new();
        using PcapCapture ids = Listen(wire);
        wire.Start("ip", "link", "set", "out0", "down").Finish().Succeeded();
        string errors = _folder["errors"];
        Launched process = wire.CaptureTelling(errors, [.. Arguments, "-o", _folder["flows.csv"]]);
        process.Await(() => File.Exists(_folder["flows.csv.partial"]), "it captured");
        wire.Send(frames);

        // The kernel hands over frames after a tenth of a second; by now they have met a closed door.
        Thread.Sleep(700);
        wire.Start("ip", "link", "set", "out0", "up").Finish().Succeeded();
        process.Await(() => File.ReadAllText(errors).Contains("out0: is sent to again", StringComparison.Ordinal), "it is sent to again");
        wire.Send(Wire.Flows(0, 100));
        wire.Start("ip", "link", "set", "out0", "down").Finish();
        int sent = 100;
        process.Await(
            () =>
            {
                wire.Send(Wire.Flows(sent++, 1));
                Thread.Sleep(50);
                return File.ReadAllLines(errors).Length == 3;
            },
            "it is down again");
        process.Signal("TERM");
        process.AwaitEnd().Succeeded();
        string[] said = File.ReadAllLines(errors);
        Assert.Equal(3, said.Length);
        Assert.Equal(said[0], said[2]);
        Assert.Contains(
            "out0: is down; suspicious packets are dropped until it is up (ip link set out0 up)", said[0], StringComparison.Ordinal);
        Assert.Contains($"out0: is sent to again; {suspicious} packets were dropped", said[1], StringComparison.Ordinal);
        JsonElement forward = Summary.Read(_folder["s.json"])["capture"].GetProperty("forward");
        Assert.Equal(Summary.Read(_folder["s.json"]).Frames - benign.Count(way => way), forward.GetProperty("sent").GetInt64()
            + forward.GetProperty("not_sent").GetInt64());
        Assert.Equal(Arrived(ids, (int)forward.GetProperty("sent").GetInt64()).Length, forward.GetProperty("sent").GetInt64());
    }

    [BinaryFact(Need.Network)]
    public void What_is_cut_or_too_long_is_counted()
    {
        (byte[][] frames, bool[] benign) = LiveSplitTests.Frames();
        byte[][] suspicious = [.. frames.Where((_, i) => !benign[i])];
        using (VethPair wire = new())
        using (PcapCapture ids = Listen(wire))
        {
            Launched process = wire.CaptureInto(_folder["flows.csv"], [.. Arguments, "--snaplen", "64"]);
            wire.Send(frames);
            process.Signal("TERM");
            process.AwaitEnd().Succeeded();
            Assert.Equal(
                suspicious.Select(frame => Convert.ToHexString(frame.AsSpan(0, Math.Min(64, frame.Length)))),
                Arrived(ids, suspicious.Length));
            AssertCounted(suspicious.Length, ("sent", suspicious.Length), ("cut", suspicious.Count(frame => frame.Length > 64)));
        }

        using (VethPair wire = new())
        using (PcapCapture ids = Listen(wire))
        {
            wire.Start("ip", "link", "set", "out0", "mtu", "300").Finish().Succeeded();
            Launched process = wire.CaptureInto(_folder["more.csv"], Arguments);
            wire.Send(frames);
            process.Signal("TERM");
            Assert.Contains(
                "packets are longer than out0 takes; raise its MTU", process.AwaitEnd().Succeeded().OnlyLine(), StringComparison.Ordinal);
            string[] expected = [.. suspicious.Where(frame => frame.Length <= 314).Select(Convert.ToHexString)];
            Assert.Equal(expected, Arrived(ids, expected.Length));
            AssertCounted(suspicious.Length, ("sent", expected.Length), ("too_long", suspicious.Length - expected.Length));
        }
    }

    [BinaryFact(Need.Network)]
    public void Packets_are_sent_with_no_right_but_the_one_to_capture()
    {
        (byte[][] frames, bool[] benign) = LiveSplitTests.Frames();
        using VethPair wire = new();
        using PcapCapture ids = Listen(wire);
        Launched process = wire.CaptureTelling(
            _folder["errors"], "--model", _folder.Write("m.json", LiveSplitTests.AtThird), "--forward-to", "out0", "--user", "nobody",
            "--stats-every", "0.2", "-o", "/dev/null");
        process.Await(
            () => File.Exists(_folder["errors"]) && File.ReadAllText(_folder["errors"]).Contains("0 packets", StringComparison.Ordinal),
            "it captured");
        wire.Send(frames);
        string[] expected = [.. frames.Where((_, i) => !benign[i]).Select(Convert.ToHexString)];
        Assert.Equal(expected, Arrived(ids, expected.Length));
        process.Await(
            () => File.ReadAllText(_folder["errors"]).Contains($"; forwarded {expected.Length:#,0}, not sent 0", StringComparison.Ordinal),
            "it was counted");
        process.Signal("TERM");
        process.AwaitEnd().Succeeded();
    }

    [BinaryTheory(Need.Network)]
    [InlineData(2, "--forward-to far0: is captured, too", "--forward-to", "far0")]
    [InlineData(2, "--forward-to out0: is captured, too", "--forward-to", "out0", "-i", "any")]
    [InlineData(2, "--forward-to: the name is empty", "--forward-to", "")]
    [InlineData(1, "nowhere0: no such interface", "--forward-to", "nowhere0")]
    public void Nowhere_else(int exitCode, string problem, params string[] arguments)
    {
        using VethPair wire = new();
        using PcapCapture ids = Listen(wire);
        Assert.Contains(problem, wire.Capture(["--model", _folder.Write("m.json", LiveSplitTests.AtThird), .. arguments]).Finish()
            .EndedWith(exitCode).OnlyLine(), StringComparison.Ordinal);
    }

    private string[] Arguments =>
        ["-q", "--model", _folder.Write("m.json", LiveSplitTests.AtThird), "--forward-to", "out0", "--summary", _folder["s.json"]];

    /// <summary>A pair of interfaces more, where the captured one is, and a capture at the far end of it.</summary>
    private static PcapCapture Listen(VethPair wire)
    {
        wire.Start("ip", "link", "add", "out0", "type", "veth", "peer", "name", "ids0").Finish().Succeeded();
        foreach (string end in new[] { "out0", "ids0" })
        {
            wire.Start("sysctl", "-qw", $"net.ipv6.conf.{end}.disable_ipv6=1").Finish();
            wire.Start("ip", "link", "set", end, "up").Finish().Succeeded();
        }

        return wire.Open(() =>
        {
            PcapCapture capture = PcapCapture.Create("ids0");
            capture.SetSnapLength(65_536);
            capture.SetBufferSize(32 << 20);
            capture.SetReadTimeout(20);
            capture.Activate();
            capture.SetNonBlocking(true);
            return capture;
        });
    }

    /// <summary>All that arrives until so many did, and a moment longer.</summary>
    private static string[] Arrived(PcapCapture capture, int count)
    {
        List<string> frames = [];
        Stopwatch last = Stopwatch.StartNew();
        while (last.Elapsed.TotalSeconds < (frames.Count < count ? 5 : 0.3))
        {
            string[] arrived = [.. ReceivedPackets.Of(capture).Select(packet => Convert.ToHexString(packet.Bytes))];
            frames.AddRange(arrived);
            if (arrived.Length > 0)
            {
                last.Restart();
            }
            else
            {
                Thread.Sleep(5);
            }
        }

        return [.. frames];
    }

    private void AssertCounted(int suspicious, params (string Name, long Count)[] expected)
    {
        Summary summary = Summary.Read(_folder["s.json"]);
        Assert.Equal(suspicious, summary["split"].GetProperty("suspicious_frames").GetInt64());
        JsonElement forward = summary["capture"].GetProperty("forward");
        Assert.Equal("out0", forward.GetProperty("interface").GetString());
        foreach (string name in new[] { "sent", "queue_drops", "send_drops", "too_long", "cut" })
        {
            Assert.Equal((name, expected.FirstOrDefault(count => count.Name == name).Count), (name, forward.GetProperty(name).GetInt64()));
        }
    }
}
