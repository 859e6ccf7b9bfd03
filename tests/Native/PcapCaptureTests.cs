using System.Net;
using System.Net.Sockets;
using FlowMeter.Native;

namespace FlowMeter.Tests.Native;

public sealed class PcapCaptureTests
{
    [LoopbackFact]
    public void Lists_the_loopback_interface()
    {
        CaptureDevice loopback = Assert.Single(CaptureDevice.List(), device => device.Name == LoopbackFactAttribute.Device);
        Assert.Equal(CaptureDeviceState.Loopback | CaptureDeviceState.Up | CaptureDeviceState.Running, loopback.State);
        Assert.Contains(new CaptureAddress(IPAddress.Loopback, 8), loopback.Addresses);
        Assert.Contains("127.0.0.1/8", loopback.Addresses.Select(address => address.ToString()));
    }

    [LoopbackFact]
    public void Captures_a_datagram_on_loopback()
    {
        using UdpClient receiver = new(new IPEndPoint(IPAddress.Loopback, 0));
        int port = ((IPEndPoint)receiver.Client.LocalEndPoint!).Port;
        using PcapCapture capture = PcapCapture.Create(LoopbackFactAttribute.Device);
        capture.SetSnapLength(96);
        capture.SetPromiscuous(false);
        capture.SetBufferSize(1 << 20);
        capture.SetReadTimeout(100);
        Assert.Null(capture.Activate());
        capture.SetDirection(CaptureDirection.Received);
        capture.SetFilter($"udp dst port {port}");
        Assert.Equal(Frames.Ethernet, capture.LinkType);
        Assert.True(capture.Descriptor >= 0);

        long beforeNs = DateTimeOffset.UtcNow.ToUnixTimeMilliseconds() * 1_000_000;
        using UdpClient sender = new();
        sender.Send("flow"u8, new IPEndPoint(IPAddress.Loopback, port));

        (PcapPacketHeader header, byte[] bytes) = ReceivedPackets.One(capture);
        Assert.Equal(46u, header.WireLength);
        Assert.Equal("flow"u8.ToArray(), bytes[42..46]);
        Assert.InRange(header.TimestampNs(capture.NanosecondsPerFraction) - beforeNs, 0, 60_000_000_000);
        // Linux counts before it looks at the direction, and on loopback every packet is sent and received.
        Assert.InRange(capture.Stats().Received, 1u, 2u);
        Assert.Equal(0u, capture.Stats().Dropped);
    }

    [LoopbackFact]
    public void Injected_frame_is_captured()
    {
        using PcapCapture capture = PcapCapture.Create(LoopbackFactAttribute.Device);
        capture.SetReadTimeout(100);
        capture.Activate();
        capture.SetFilter("src host 192.0.2.1 and tcp dst port 443");
        byte[] frame = Frames.Under(Frames.Ethernet);
        Assert.Equal(SendResult.Sent, capture.TryInject(frame));
        Assert.Equal(frame, ReceivedPackets.One(capture).Bytes);
    }

    [LoopbackFact]
    public void Unknown_interface_has_its_own_code()
    {
        using PcapCapture capture = PcapCapture.Create("no-such-if0");
        PcapException unknown = Assert.Throws<PcapException>(() => capture.Activate());
        Assert.Equal(PcapError.NoSuchDevice, unknown.Error);
        Assert.StartsWith("no-such-if0: ", unknown.Message, StringComparison.Ordinal);
    }

    [LoopbackFact]
    public void Packets_before_activation_and_settings_after_it_are_refused()
    {
        using PcapCapture capture = PcapCapture.Create(LoopbackFactAttribute.Device);
        Assert.Equal(PcapError.NotActivated, Assert.Throws<PcapException>(() => ReceivedPackets.Of(capture)).Error);
        capture.Activate();
        Assert.Equal(PcapError.Activated, Assert.Throws<PcapException>(() => capture.SetSnapLength(64)).Error);
        Assert.Throws<PcapException>(() => capture.SetFilter("port port"));
    }

    [LoopbackFact]
    public unsafe void A_loop_that_is_broken_ends_at_once()
    {
        using PcapCapture capture = PcapCapture.Create(LoopbackFactAttribute.Device);
        capture.Activate();
        capture.BreakLoop();
        Assert.Equal((int)PcapError.Break, capture.Dispatch(-1, null, null));
    }

    [LoopbackFact]
    public void A_disposed_capture_throws()
    {
        PcapCapture capture = PcapCapture.Create(LoopbackFactAttribute.Device);
        capture.Dispose();
        Assert.Throws<ObjectDisposedException>(() => ReceivedPackets.Of(capture));
        Assert.Throws<ObjectDisposedException>(capture.BreakLoop);
    }
}
