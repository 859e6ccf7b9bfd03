using System.Net;
using System.Runtime.InteropServices;
using System.Text;
using FlowMeter.Engine.Capture;
using FlowMeter.Engine.Decode;
using FlowMeter.Engine.Memory;
using FlowMeter.Engine.Names;
using FlowMeter.Tests.Oracle;
using FlowMeter.Tests.Support;

namespace FlowMeter.Tests.Names;

/// <summary>
/// Drives a <see cref="NameReader"/> with the frames of a capture, as an accounting does: every packet of a flow, flows by their key alone.
/// Payloads end at an unreadable page.
/// </summary>
internal sealed unsafe class NamingRun : IDisposable
{
    private const PayloadDetail Detail = PayloadDetail.Lengths | PayloadDetail.Places;

    private readonly GuardedBuffer _guarded = new(new byte[NamePacket.MaxPayload]);
    private readonly PacketBatch _batch = new();
    private readonly PacketColumns _window = new(1, Detail);
    private readonly FragmentTable _fragments = new(new FlowHash());
    private readonly Engine.Decode.Decoder _decoder;
    private readonly NativeColumn<FlowNames> _flows;
    private readonly Dictionary<(ulong, ulong, ulong, ulong, ulong), int> _rows = [];
    private readonly List<(FlowKey Key, byte FromB)> _firsts = [];
    private readonly HashSet<int> _cut = [];

    /// <summary>Makes a run.</summary>
    /// <param name="decapsulate">Whether flows are those inside of tunnels.</param>
    /// <param name="maxFlows">Flows that there is room for.</param>
    public NamingRun(bool decapsulate = false, int maxFlows = 1 << 16)
    {
        _decoder = new Engine.Decode.Decoder(new DecodeRules(), decapsulate ? TunnelPorts.Default : null, _fragments, Detail);
        _flows = new NativeColumn<FlowNames>(maxFlows);
        Arena = new NameArena((long)maxFlows * NameRecord.Size);
        Reader = new NameReader(Arena);
    }

    /// <summary>The arena of the records.</summary>
    public NameArena Arena { get; }

    /// <summary>The reader.</summary>
    public NameReader Reader { get; }

    /// <summary>The flows of a capture, in the order of their first packets.</summary>
    public static IReadOnlyList<NamedFlow> OfFile(string path, bool decapsulate = false)
    {
        using NamingRun run = new(decapsulate);
        return run.Take(ReferenceReader.ReadFile(path).Frames);
    }

    /// <summary>Takes all frames and ends all flows.</summary>
    public IReadOnlyList<NamedFlow> Take(IEnumerable<Frame> frames)
    {
        foreach (Frame frame in frames)
        {
            Take(in frame);
        }

        List<NamedFlow> flows = [];
        for (int row = 0; row < _firsts.Count; row++)
        {
            Reader.End(_flows.First + row);
            flows.Add(FlowOf(row));
            Arena.Return(_flows[row].Record);
        }

        return flows;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Reader.Dispose();
        Arena.Dispose();
        _flows.Dispose();
        _fragments.Dispose();
        _window.Dispose();
        _batch.Dispose();
        _guarded.Dispose();
    }

    private void Take(in Frame frame)
    {
        fixed (byte* bytes = frame.Captured)
        {
            _batch.Clear((LinkType)frame.LinkType);
            _batch.Add(bytes, (uint)frame.Captured.Length, frame.OriginalLength, frame.TimestampNs);
            _decoder.Decode(_batch, 0, 1, _window);
            if (_window.Count > 0)
            {
                Take(frame, bytes);
            }
        }
    }

    private void Take(Frame frame, byte* bytes)
    {
        FlowKey key = _window.Keys[0];
        byte fromB = _window.FromB[0];
        (ulong, ulong, ulong, ulong, ulong) identity = (key.AUpper, key.ALower, key.BUpper, key.BLower, key.Tail);
        if (!_rows.TryGetValue(identity, out int row))
        {
            row = _rows.Count;
            _rows.Add(identity, row);
            _firsts.Add((key, fromB));
            Reader.Begin(_flows.First + row);
        }

        PacketPayload payload = _window.Payloads[0];
        PayloadHead head = _window.Places[0].HeadOf(in payload);
        byte* first = head.First;
        int captured = head.Length == 0 ? 0
            : (int)Math.Min(Math.Min(payload.Length, NamePacket.MaxPayload), bytes + frame.Captured.Length - first);
        if (captured < payload.Length)
        {
            _cut.Add(row);
        }

        Span<byte> guarded = _guarded.Bytes[^captured..];
        new ReadOnlySpan<byte>(first, captured).CopyTo(guarded);
        bool isTcp = key.Protocol == 6 && payload.HeaderLength >= 20;
        Reader.Take(_flows.First + row, new NamePacket
        {
            Payload = guarded,
            Length = payload.Length,
            Sequence = isTcp ? PacketHeaders.ReadUInt32(first - payload.HeaderLength + 4) : 0,
            TcpFlags = _window.TcpFlags[0],
            Protocol = key.Protocol,
            FromB = fromB,
            IsForward = fromB == _firsts[row].FromB,
            SourcePort = fromB == 0 ? key.PortA : key.PortB,
            DestinationPort = fromB == 0 ? key.PortB : key.PortA,
            Time = frame.TimestampNs,
        });
    }

    private NamedFlow FlowOf(int row)
    {
        (FlowKey key, byte fromB) = _firsts[row];
        FlowNames* flow = _flows.First + row;
        Dictionary<string, string> names = [];
        if (flow->Record != NameArena.None)
        {
            foreach (NameField field in Enum.GetValues<NameField>())
            {
                ReadOnlySpan<byte> bytes = (*Arena[flow->Record])[field];
                if (!bytes.IsEmpty)
                {
                    names.Add(field.ToString(), Encoding.Latin1.GetString(bytes));
                }
            }
        }

        IPEndPoint a = End(key.Version, key.AUpper, key.ALower, key.PortA);
        IPEndPoint b = End(key.Version, key.BUpper, key.BLower, key.PortB);
        return new NamedFlow(
            fromB == 0 ? a : b, fromB == 0 ? b : a, key.Protocol, ApplicationName.Of(flow->Application), _cut.Contains(row), names);
    }

    private static IPEndPoint End(byte version, ulong upper, ulong lower, ushort port)
    {
        ReadOnlySpan<byte> bytes = MemoryMarshal.AsBytes<ulong>(new[] { upper, lower });
        return new IPEndPoint(new IPAddress(version == 4 ? bytes[12..] : bytes), port);
    }
}
