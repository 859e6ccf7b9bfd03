using System.Net;
using System.Net.Sockets;
using FlowMeter.Native;

namespace FlowMeter.Tests.Native;

public sealed unsafe class LiveCaptureTests
{
    [LoopbackFact]
    public void ListsTheLoopbackInterface()
    {
        CaptureDevice loopback = Assert.Single(CaptureDevice.List(), device => device.Name == LoopbackFactAttribute.Device);
        Assert.Equal(CaptureDeviceState.Loopback | CaptureDeviceState.Up | CaptureDeviceState.Running, loopback.State);
        Assert.Contains(new CaptureAddress(IPAddress.Loopback, 8), loopback.Addresses);
        Assert.Contains("127.0.0.1/8", loopback.Addresses.Select(address => address.ToString()));
    }

    [LoopbackFact]
    public void CapturesADatagramOnLoopback()
    {
        using UdpClient receiver = new(new IPEndPoint(IPAddress.Loopback, 0));
        int port = ((IPEndPoint)receiver.Client.LocalEndPoint!).Port;
        using PcapCapture capture = PcapCapture.Create(LoopbackFactAttribute.Device);
        capture.SetSnapLength(96);
        capture.SetPromiscuous(false);
        capture.SetBufferSize(1 << 20);
        capture.SetReadTimeout(100);
        capture.SetImmediateMode(true);
        Assert.Null(capture.Activate());
        capture.SetDirection(CaptureDirection.Received);
        capture.SetFilter($"udp dst port {port}");
        Assert.Equal(Frames.Ethernet, capture.LinkType);
        Assert.True(capture.Descriptor >= 0);

        long beforeNs = DateTimeOffset.UtcNow.ToUnixTimeMilliseconds() * 1_000_000;
        using UdpClient sender = new();
        sender.Send("flow"u8, new IPEndPoint(IPAddress.Loopback, port));

        PcapPacketHeader* header = null;
        byte* packet = null;
        PcapReadResult result = PcapReadResult.Timeout;
        for (int attempt = 0; attempt < 50 && result == PcapReadResult.Timeout; attempt++)
        {
            result = capture.Read(out header, out packet);
        }

        Assert.Equal(PcapReadResult.Packet, result);
        Assert.Equal(46u, header->WireLength);
        Assert.Equal("flow"u8.ToArray(), new ReadOnlySpan<byte>(packet + 42, 4).ToArray());
        Assert.InRange(header->TimestampNs(capture.NanosecondsPerFraction) - beforeNs, 0, 60_000_000_000);
        // Linux counts before it looks at the direction, and on loopback every packet is sent and received.
        Assert.InRange(capture.Stats().Received, 1u, 2u);
        Assert.Equal(0u, capture.Stats().Dropped);
    }

    [LoopbackFact]
    public void InjectedFrameIsCaptured()
    {
        using PcapCapture capture = PcapCapture.Create(LoopbackFactAttribute.Device);
        capture.SetReadTimeout(100);
        capture.SetImmediateMode(true);
        capture.Activate();
        capture.SetFilter("src host 192.0.2.1 and tcp dst port 443");
        byte[] frame = Frames.Under(Frames.Ethernet);
        capture.Inject(frame);

        PcapPacketHeader* header = null;
        byte* packet = null;
        PcapReadResult result = PcapReadResult.Timeout;
        for (int attempt = 0; attempt < 50 && result == PcapReadResult.Timeout; attempt++)
        {
            result = capture.Read(out header, out packet);
        }

        Assert.Equal(PcapReadResult.Packet, result);
        Assert.Equal(frame, new ReadOnlySpan<byte>(packet, (int)header->CapturedLength).ToArray());
    }

    [LoopbackFact]
    public void UnknownInterfaceHasItsOwnCode()
    {
        using PcapCapture capture = PcapCapture.Create("no-such-if0");
        PcapException unknown = Assert.Throws<PcapException>(() => capture.Activate());
        Assert.Equal(PcapError.NoSuchDevice, unknown.Error);
        Assert.StartsWith("no-such-if0: ", unknown.Message, StringComparison.Ordinal);
    }

    [LoopbackFact]
    public void ReadBeforeActivationThrows()
    {
        using PcapCapture capture = PcapCapture.Create(LoopbackFactAttribute.Device);
        Assert.Equal(PcapError.NotActivated, Assert.Throws<PcapException>(() => capture.Read(out _, out _)).Error);
    }
}
