using System.Runtime.Versioning;
using FlowMeter.Native;
using FlowMeter.Tests.Native;

namespace FlowMeter.Tests.EndToEnd;

/// <summary>AF_XDP on an interface of the test's own, beside what the kernel sees of it.</summary>
[SupportedOSPlatform("linux")]
public sealed class XdpCaptureTests
{
    private const int Whole = 65_535;
    private const int Buffer = 4 << 20;

    [XdpFact]
    public void Frames_are_seen_as_they_were_sent_with_the_time_of_the_kernel()
    {
        using VethPair wire = new();
        using XdpCapture capture = Open(wire);
        byte[][] frames = [.. Enumerable.Range(0, 400).Select(VlanFrames.Of)];
        long before = Now();
        wire.Send(frames);
        long after = Now();

        List<LentPacket> seen = LentPackets.Await(capture, frames.Length);
        Assert.Equal(frames, seen.Select(packet => packet.Bytes));
        Assert.Equal(frames.Select(frame => (uint)frame.Length), seen.Select(packet => packet.Wire));
        Assert.All(seen, packet => Assert.InRange(packet.Time, before, after));
        Assert.Equal(seen.Select(packet => packet.Time).Order(), seen.Select(packet => packet.Time));
        Assert.True(seen.Select(packet => packet.Time).Distinct().Count() > frames.Length / 2, "each packet has a time of its own");
        Assert.Equal((uint)frames.Length, capture.Stats().Received);
        Assert.Equal(0u, capture.Stats().Dropped);
    }

    [XdpFact]
    public void The_kernel_gets_no_packet_until_the_capture_is_closed()
    {
        using VethPair wire = new();
        using PcapCapture kernel = wire.Open(KernelCapture);
        XdpCapture capture = Open(wire);
        wire.Send([VlanFrames.Of(0)]);
        Assert.Single(LentPackets.Await(capture, 1));
        Assert.Equal(0u, kernel.Stats().Received);
        capture.Dispose();

        wire.Send([VlanFrames.Of(4)]);
        Assert.Equal(VlanFrames.Of(4), ReceivedPackets.One(kernel).Bytes);
    }

    [XdpFact]
    public void What_finds_no_memory_is_counted_and_what_is_refused_goes_to_the_kernel()
    {
        const int Sent = 5000;
        const int Refused = 10;
        using VethPair wire = new();
        using PcapCapture kernel = wire.Open(KernelCapture);
        using XdpCapture capture = wire.Open(() => XdpCapture.Open(VethPair.Interface, 1, null, true, Whole, 1 << 20)[0]);
        wire.Send(Enumerable.Repeat(VlanFrames.Of(0), Sent));
        Assert.True(SpinWait.SpinUntil(() => capture.Stats().Received == Sent, TimeSpan.FromSeconds(5)));
        capture.RefusePackets();
        wire.Send(Enumerable.Repeat(VlanFrames.Of(0), Refused));
        Assert.True(SpinWait.SpinUntil(() => kernel.Stats().Received == Refused, TimeSpan.FromSeconds(5)));

        PcapStatistics statistics = capture.Stats();
        Assert.True(statistics.Dropped > 0);
        Assert.Equal(Sent - statistics.Dropped, (uint)LentPackets.Await(capture, (int)(Sent - statistics.Dropped)).Count);
        Assert.Equal((uint)Sent, capture.Stats().Received);
    }

    [XdpFact]
    public void Memory_is_used_again()
    {
        using VethPair wire = new();
        using XdpCapture capture = wire.Open(() => XdpCapture.Open(VethPair.Interface, 1, null, true, Whole, 1 << 20)[0]);
        for (int round = 0; round < 20; round++)
        {
            byte[][] frames = [.. Enumerable.Range(round * 100, 100).Select(VlanFrames.Of)];
            wire.Send(frames);
            Assert.Equal(frames, LentPackets.Await(capture, frames.Length).Select(packet => packet.Bytes));
        }

        Assert.Equal(0u, capture.Stats().Dropped);
    }

    [XdpFact]
    public void A_filter_drops_and_the_snap_length_cuts()
    {
        using VethPair wire = new();
        using XdpCapture capture = wire.Open(() => XdpCapture.Open(VethPair.Interface, 1, "greater 700", true, 64, Buffer)[0]);
        byte[][] frames = [.. Enumerable.Range(0, 400).Select(VlanFrames.Of)];
        wire.Send(frames);

        byte[][] passing = [.. frames.Where(frame => frame.Length >= 700)];
        List<LentPacket> seen = LentPackets.Await(capture, passing.Length);
        Assert.Equal(passing.Select(frame => frame[..64]), seen.Select(packet => packet.Bytes));
        Assert.Equal(passing.Select(frame => (uint)frame.Length), seen.Select(packet => packet.Wire));
        Assert.Equal((uint)passing.Length, capture.Stats().Received);
    }

    [XdpFact]
    public void A_frame_in_several_chunks_is_one_packet()
    {
        const int Length = 9000;
        using VethPair wire = new();
        wire.SetMtu(Length);
        using XdpCapture capture = Open(wire);
        byte[] frame = new byte[Length];
        new Random(1).NextBytes(frame);
        wire.Send(Enumerable.Repeat(frame, 100));

        Assert.All(LentPackets.Await(capture, 100), packet =>
        {
            Assert.Equal((uint)Length, packet.Wire);
            Assert.InRange(packet.Bytes.Length, 2048, 4096);
            Assert.Equal(frame[..packet.Bytes.Length], packet.Bytes);
        });
        Assert.Equal(100u, capture.Stats().Received);
    }

    [XdpFact]
    public void Each_queue_has_a_capture_and_its_packets_are_seen_once()
    {
        const int Queues = 2;
        using VethPair wire = new();
        wire.SetQueues(Queues);
        Assert.Equal((object)Queues, wire.Open(() => (object)InterfaceQueues.Count(VethPair.Interface)));
        IReadOnlyList<XdpCapture> captures =
            wire.Open(() => XdpCapture.Open(VethPair.Interface, Queues, null, true, Whole, Buffer));
        byte[][] frames = [.. Enumerable.Range(0, 200).Select(VlanFrames.Of)];
        wire.Send(frames);

        List<LentPacket> seen = [];
        SpinWait.SpinUntil(
            () =>
            {
                foreach (XdpCapture capture in captures)
                {
                    capture.AwaitPackets(10);
                    seen.AddRange(LentPackets.Of(capture));
                }

                return seen.Count >= frames.Length;
            },
            TimeSpan.FromSeconds(5));
        Assert.Equal(frames.Select(Convert.ToHexString).Order(), seen.Select(packet => Convert.ToHexString(packet.Bytes)).Order());
        Assert.All(captures, capture => capture.Dispose());
    }

    [XdpFact]
    public void An_interface_that_is_removed_is_told_of()
    {
        using VethPair wire = new();
        using XdpCapture capture = Open(wire);
        wire.Send([VlanFrames.Of(0)]);
        wire.Disconnect();

        // What came before is still to be had.
        Assert.Single(LentPackets.Await(capture, 1));
        PcapException gone = Assert.Throws<PcapException>(() => SpinWait.SpinUntil(
            () =>
            {
                capture.AwaitPackets(10);
                return false;
            },
            TimeSpan.FromSeconds(5)));
        Assert.Equal($"{VethPair.Interface}: The packets cannot be read: The interface disappeared", gone.Message);
    }

    [XdpFact]
    public void A_queue_that_is_not_there_and_one_that_is_taken_are_refused_by_the_interface()
    {
        using VethPair wire = new();
        Assert.StartsWith(
            "far0: queue 1: ",
            Assert.Throws<PcapException>(() => wire.Open(() => Thrown(() => Opened(2))).Throw()).Message,
            StringComparison.Ordinal);
        using XdpCapture capture = Open(wire);
        Assert.StartsWith(
            "far0: ", Assert.Throws<PcapException>(() => wire.Open(() => Thrown(() => Opened(1))).Throw()).Message,
            StringComparison.Ordinal);
    }

    [XdpFact]
    public void A_queue_is_to_be_had_as_soon_as_its_capture_is_closed()
    {
        using VethPair wire = new();
        for (int i = 0; i < 20; i++)
        {
            Open(wire).Dispose();
        }
    }

    private static System.Runtime.ExceptionServices.ExceptionDispatchInfo Thrown(Action open) =>
        System.Runtime.ExceptionServices.ExceptionDispatchInfo.Capture(Record.Exception(open)!);

    private static void Opened(int queues) => XdpCapture.Open(VethPair.Interface, queues, null, true, Whole, Buffer)[0].Dispose();

    private static long Now() => (DateTime.UtcNow - DateTime.UnixEpoch).Ticks * 100;

    private static XdpCapture Open(VethPair wire) =>
        wire.Open(() => XdpCapture.Open(VethPair.Interface, 1, null, true, Whole, Buffer)[0]);

    private static PcapCapture KernelCapture()
    {
        PcapCapture capture = PcapCapture.Create(VethPair.Interface);
        capture.SetReadTimeout(100);
        capture.Activate();
        return capture;
    }
}
