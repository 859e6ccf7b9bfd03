using System.Runtime.Versioning;
using FlowMeter.Native;
using FlowMeter.Tests.Native;

namespace FlowMeter.Tests.EndToEnd;

/// <summary>Our own ring beside libpcap on the same interface: both must see the same.</summary>
[SupportedOSPlatform("linux")]
public sealed class PacketRingTests
{
    private const int BlockTimeoutMs = 20;
    private const int Buffer = 4 << 20;

    public static TheoryData<string?, CaptureDirection, int> Ways => new()
    {
        { null, CaptureDirection.Both, 65_535 },
        { null, CaptureDirection.Received, 65_535 },
        { null, CaptureDirection.Sent, 65_535 },
        { null, CaptureDirection.Both, 64 },
        { "vlan 7", CaptureDirection.Both, 65_535 },
        { "vlan and ip", CaptureDirection.Received, 100 },
        { "not vlan and greater 100", CaptureDirection.Both, 65_535 },
        { "ether broadcast or arp", CaptureDirection.Sent, 65_535 },
    };

    [NetworkTheory]
    [MemberData(nameof(Ways))]
    public void The_ring_sees_what_libpcap_sees(string? filter, CaptureDirection direction, int snapLength)
    {
        using VethPair wire = new();
        using PcapCapture capture = wire.Open(() => OpenCapture(VethPair.Interface, filter, direction, snapLength));
        using PacketRing ring = wire.Open(() => PacketRing.TryOpen(capture, filter, direction, true, Buffer, BlockTimeoutMs)!);
        byte[][] frames = [.. Enumerable.Range(0, 500).Select(VlanFrames.Of)];
        wire.Send(frames);
        wire.SendBack(frames.Reverse());

        List<(uint Wire, byte[] Bytes)> expected = [];
        List<LentPacket> seen = [];
        SpinWait.SpinUntil(
            () =>
            {
                expected.AddRange(ReceivedPackets.Of(capture).Select(packet => (packet.Header.WireLength, packet.Bytes)));
                seen.AddRange(LentPackets.Of(ring));
                return seen.Count > 0 && seen.Count == ring.Stats().Received && expected.Count == seen.Count;
            },
            TimeSpan.FromSeconds(5));
        Assert.NotEmpty(expected);
        Assert.Equal(expected.Select(Text), seen.Select(packet => Text((packet.Wire, packet.Bytes))));
        Assert.Equal((uint)seen.Count, ring.Stats().Received);
        Assert.Equal(0u, ring.Stats().Dropped);
    }

    [NetworkFact]
    public void What_finds_the_ring_full_is_counted_and_the_rest_is_seen()
    {
        const int Sent = 20_000;
        using VethPair wire = new();
        using PcapCapture capture = wire.Open(() => OpenCapture(VethPair.Interface, null, CaptureDirection.Received, 128));
        using PacketRing ring = wire.Open(
            () => PacketRing.TryOpen(capture, null, CaptureDirection.Received, false, 1 << 20, BlockTimeoutMs)!);
        byte[] frame = VlanFrames.Of(0);
        wire.Send(Enumerable.Repeat(frame, Sent));
        ring.RefusePackets();
        wire.Send(Enumerable.Repeat(frame, 100));

        int seen = 0;
        SpinWait.SpinUntil(
            () =>
            {
                seen += LentPackets.Of(ring).Count;
                return ring.Stats() is var counted && counted.Received - counted.Dropped == seen && seen > 0;
            },
            TimeSpan.FromSeconds(5));
        PcapStatistics statistics = ring.Stats();
        Assert.Equal((uint)Sent, statistics.Received);
        Assert.True(statistics.Dropped > 0);
        Assert.Equal(Sent - statistics.Dropped, (uint)seen);
    }

    [NetworkFact]
    public void An_interface_that_is_down_is_waited_for_and_one_that_is_removed_is_told_of()
    {
        using VethPair wire = new();
        using PcapCapture capture = wire.Open(() => OpenCapture(VethPair.Interface, null, CaptureDirection.Both, 128));
        using PacketRing ring = wire.Open(() => PacketRing.TryOpen(capture, null, CaptureDirection.Both, true, Buffer, BlockTimeoutMs)!);
        wire.Set("down");
        ring.AwaitPackets(10);
        ring.AwaitPackets(10);
        wire.Set("up");
        Assert.True(SpinWait.SpinUntil(
            () =>
            {
                _ = wire.TrySend(VlanFrames.Of(0));
                ring.AwaitPackets(10);
                return LentPackets.Of(ring).Count > 0;
            },
            TimeSpan.FromSeconds(5)));

        wire.Disconnect();
        PcapException gone = Assert.Throws<PcapException>(() => SpinWait.SpinUntil(
            () =>
            {
                ring.AwaitPackets(10);
                return false;
            },
            TimeSpan.FromSeconds(5)));
        Assert.Equal($"{VethPair.Interface}: The packets cannot be read: The interface disappeared", gone.Message);
    }

    [LoopbackFact]
    public void On_loopback_a_packet_is_taken_once()
    {
        using PcapCapture capture = OpenCapture(LoopbackFactAttribute.Device, "src host 192.0.2.1", CaptureDirection.Both, 128);
        using PacketRing ring = PacketRing.TryOpen(
            capture, "src host 192.0.2.1", CaptureDirection.Both, false, Buffer, BlockTimeoutMs)!;
        byte[] frame = Frames.Under(Frames.Ethernet);
        capture.TryInject(frame);

        List<LentPacket> seen = [];
        SpinWait.SpinUntil(
            () =>
            {
                seen.AddRange(LentPackets.Of(ring));
                return seen.Count > 0;
            },
            TimeSpan.FromSeconds(5));

        // A second copy would be in the next block.
        Thread.Sleep(2 * BlockTimeoutMs);
        seen.AddRange(LentPackets.Of(ring));
        Assert.Equal(frame, Assert.Single(seen).Bytes);
        Assert.Equal(1u, ring.Stats().Received);
    }

    private static string Text((uint Wire, byte[] Bytes) packet) => $"{packet.Wire} {Convert.ToHexString(packet.Bytes)}";

    private static PcapCapture OpenCapture(string name, string? filter, CaptureDirection direction, int snapLength)
    {
        PcapCapture capture = PcapCapture.Create(name);
        capture.SetSnapLength(snapLength);
        capture.SetPromiscuous(true);
        capture.SetReadTimeout(BlockTimeoutMs);
        capture.SetBufferSize(Buffer);
        capture.Activate();
        capture.SetFilter(filter ?? "");
        capture.SetDirection(direction);
        capture.SetNonBlocking(true);
        return capture;
    }
}
