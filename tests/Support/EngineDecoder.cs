using System.Runtime.InteropServices;
using FlowMeter.Engine.Capture;
using FlowMeter.Engine.Decode;
using FlowMeter.Tests.Oracle;

namespace FlowMeter.Tests.Support;

/// <summary>The engine's decoder, one frame at a time, from bytes that end at an unreadable page.</summary>
internal sealed unsafe class EngineDecoder : IDisposable
{
    private const PayloadDetail Detail = PayloadDetail.Lengths | PayloadDetail.Places;

    private readonly GuardedBuffer _guarded = new(new byte[4096]);
    private readonly PacketBatch _batch = new();
    private readonly PacketColumns _window = new(1, Detail);
    private readonly FragmentTable _fragments;
    private readonly Decoder _decoder;

    public EngineDecoder(bool decapsulate = false)
    {
        _fragments = new FragmentTable(new FlowHash());
        _decoder = new Decoder(new DecodeRules(), decapsulate ? TunnelPorts.Default : null, _fragments, Detail);
    }

    /// <summary>Whether packets are decoded one by one, as a live capture does it.</summary>
    public bool IsLive { get; init; }

    /// <summary>
    /// What the engine makes of a frame, in the reference's terms; but it does not say which packets are later fragments.
    /// </summary>
    public ReferencePacket Decode(in Frame frame)
    {
        byte* at = _guarded.Pointer + _guarded.Length - frame.Captured.Length;
        frame.Captured.CopyTo(new Span<byte>(at, frame.Captured.Length));
        DecodeResult[] results = Enum.GetValues<DecodeResult>();
        long[] before = [.. results.Select(result => _decoder.Counts[result])];
        _batch.Clear((LinkType)frame.LinkType);
        _batch.Add(at, (uint)frame.Captured.Length, frame.OriginalLength, frame.TimestampNs);
        if (IsLive)
        {
            _window.Count = 0;
            _decoder.Add((LinkType)frame.LinkType, at, (uint)frame.Captured.Length, frame.OriginalLength, frame.TimestampNs, _window);
        }
        else
        {
            _decoder.Decode(_batch, 0, 1, _window);
        }

        DecodeResult result = results.Single(result => _decoder.Counts[result] != before[(int)result]);
        return result == DecodeResult.Metered
            ? Packet(_window.Keys[0], _window.FromB[0] != 0, _window.TcpFlags[0], _window.Payloads[0], _window.Places[0])
            : ReferencePacket.Skipped(Enum.Parse<ReferenceOutcome>(result.ToString()));
    }

    public void Dispose()
    {
        _fragments.Dispose();
        _window.Dispose();
        _batch.Dispose();
        _guarded.Dispose();
    }

    private static ReferencePacket Packet(FlowKey key, bool fromB, byte flags, PacketPayload payload, TransportPlace place)
    {
        Assert.Equal(payload, place.PayloadOf(key.Protocol));
        PayloadHead head = place.HeadOf(in payload);
        ReferenceEndpoint low = new(Address(key.Version, key.AUpper, key.ALower), key.PortA);
        ReferenceEndpoint high = new(Address(key.Version, key.BUpper, key.BLower), key.PortB);
        return new ReferencePacket(
            ReferenceOutcome.Metered, key.Protocol, fromB ? high : low, fromB ? low : high, flags, IsLaterFragment: false)
        {
            Payload = new ReferencePayload(payload.Length, payload.HeaderLength, payload.Window, payload.IsSuccess != 0,
                System.Text.Encoding.Latin1.GetString(
                    new ReadOnlySpan<byte>(head.First, (int)Math.Min(head.Length, PayloadHead.MaxLength)))),
        };
    }

    private static ReferenceAddress Address(byte version, ulong a, ulong b)
    {
        ReadOnlySpan<byte> bytes = MemoryMarshal.AsBytes<ulong>(new[] { a, b });
        return ReferenceAddress.Read(version == 4 ? bytes[12..] : bytes);
    }
}
