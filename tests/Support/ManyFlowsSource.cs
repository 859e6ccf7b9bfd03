using System.Buffers.Binary;
using FlowMeter.Engine.Capture;
using FlowMeter.Engine.Memory;

namespace FlowMeter.Tests.Support;

/// <summary>
/// UDP packets of flow after flow, made in place: as many as are asked for, in memory of a fixed size and without allocating.
/// </summary>
internal sealed unsafe class ManyFlowsSource(long packets, int packetsPerFlow) : IPacketSource
{
    private const int FrameLength = 64;
    private const int AddressAt = 12;

    private readonly NativeColumn<byte> _frames = Frames();
    private long _made;

    public bool TryFill(PacketBatch batch)
    {
        batch.Clear(LinkType.Raw);
        for (int i = 0; !batch.IsFull && _made < packets; i++)
        {
            byte* frame = _frames.First + (i * FrameLength);
            BinaryPrimitives.WriteUInt32BigEndian(new Span<byte>(frame + AddressAt, 4), (uint)(_made / packetsPerFlow));
            batch.Add(frame, FrameLength, FrameLength, _made * 1000);
            _made++;
        }

        return batch.Count > 0;
    }

    public void Dispose() => _frames.Dispose();

    private static NativeColumn<byte> Frames()
    {
        byte[] packet = PacketBuilder.IPv4(
            "0.0.0.0", "192.0.2.1", PacketBuilder.UdpProtocol, PacketBuilder.Udp(1000, 53, new byte[FrameLength - 28]));
        NativeColumn<byte> frames = new(PacketBatch.Capacity * FrameLength);
        for (int i = 0; i < PacketBatch.Capacity; i++)
        {
            packet.CopyTo(new Span<byte>(frames.First + (i * FrameLength), FrameLength));
        }

        return frames;
    }
}
