using FlowMeter.Engine.Output;
using FlowMeter.Engine.Packets;
using FlowMeter.Tests.EndToEnd;
using FlowMeter.Tests.Oracle;
using FlowMeter.Tests.Output;
using FlowMeter.Tests.Support;

namespace FlowMeter.Tests.Packets;

/// <summary>
/// Outputs of packets: every file is a whole capture, also after a rotation by size, a full disk, or a run that was killed.
/// </summary>
public sealed class PacketOutputTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly List<string> _told = [];

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Every_file_is_a_whole_capture_of_its_size_at_most()
    {
        Frame[] frames = [.. Enumerable.Range(0, 500).Select(i => Samples.Udp(i, i, i))];
        byte[] capture = CaptureWriter.Pcap(frames);
        using (ResilientOutput output = Open("p.pcap", Rotation.Parse("20kB")))
        {
            output.Begin(capture.AsSpan(0, 24));
            output.Write(capture.AsSpan(24));
            output.Complete();
            Assert.Equal((500, 0, capture.Length - 24), (output.Rows, output.LostRows, output.Bytes));
        }

        string[] files = [.. Directory.GetFiles(_folder[""]).OrderBy(path => path.Length).ThenBy(path => path, StringComparer.Ordinal)];
        Assert.All(files, path => Assert.InRange(new FileInfo(path).Length, 15_000, 20_000));
        Assert.InRange(files.Length, 8, 15);
        Assert.Equal(frames.Select(frame => frame.TimestampNs), files.SelectMany(Read).Select(frame => frame.TimestampNs));
    }

    [Theory]
    [InlineData(0, 499)]
    [InlineData(1, 499)]
    [InlineData(15, 499)]
    [InlineData(70, 499)]
    public void What_a_killed_run_left_is_finished_behind_its_last_whole_packet(int torn, int whole)
    {
        byte[] capture = CaptureWriter.Pcap([.. Enumerable.Range(0, 500).Select(i => Samples.Udp(i, i, 1000))]);
        int record = (capture.Length - 24) / 500;
        File.WriteAllBytes(_folder["p.pcap.partial"], capture[..(capture.Length - record + torn)]);
        using (ResilientOutput output = Open("p.pcap", Rotation.Never))
        {
            output.Complete();
        }

        Assert.Equal(whole, Read(_folder["p.pcap"]).Count);
        Assert.Contains($"has the {whole} packets that an earlier run left", Assert.Single(_told), StringComparison.Ordinal);
    }

    [Fact]
    public void Without_a_packet_the_file_has_its_header_alone()
    {
        using (ResilientOutput output = Open("p.pcap", Rotation.Never))
        {
            output.Begin(CaptureWriter.Pcap([Samples.Arp(1)]).AsSpan(0, 24));
            output.Complete();
        }

        Assert.Equal(24, new FileInfo(Assert.Single(Directory.GetFiles(_folder[""]))).Length);
    }

    [MountFact]
    public void A_full_disk_costs_packets_that_are_counted_and_leaves_no_torn_one()
    {
        using SmallDisk disk = new(_folder["disk"], "64k");
        byte[] capture = CaptureWriter.Pcap([.. Enumerable.Range(0, 500).Select(i => Samples.Udp(i, i, 1000))]);
        using (ResilientOutput output = Open("disk/p.pcap", Rotation.Never))
        {
            output.Begin(capture.AsSpan(0, 24));
            output.Write(capture.AsSpan(24));
            output.Complete();
            Assert.Equal(500, output.Rows + output.LostRows);
            Assert.InRange(output.Rows, 40, 64);
            Assert.Equal(output.Rows, Read(_folder["disk/p.pcap"]).Count);
        }

        Assert.Contains("packets are lost until it can", Assert.Single(_told), StringComparison.Ordinal);
    }

    private ResilientOutput Open(string name, Rotation rotation) =>
        ResilientOutput.Open(_folder[name], rotation, new SetClock("2026-01-01T00:00:00"), _told.Add, PacketFraming.Instance);

    private static List<Frame> Read(string path)
    {
        ReferenceCapture capture = ReferenceReader.ReadFile(path);
        Assert.Equal(CaptureEnding.Complete, capture.Ending);
        return capture.Frames;
    }
}
