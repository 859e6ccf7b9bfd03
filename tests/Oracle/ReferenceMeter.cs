using FlowMeter.Tests.Support;

namespace FlowMeter.Tests.Oracle;

/// <summary>
/// SPEC §2 with a dictionary. There is no sweep and no bound on memory: a flow ends when its key's next packet says so, or with
/// the input. So a record here never ends with `resources`.
/// </summary>
internal sealed class ReferenceMeter
{
    private readonly ReferenceMeterOptions _options;
    private readonly Dictionary<ReferenceFlowKey, ReferenceFlow> _live = [];
    private readonly ReferenceDecoder _decoder;
    private readonly ReferenceResult _result = new();

    // Packets are the metered frames; a skipped frame's time moves no clock.
    private readonly ReferenceClock _clock = new();
    private long _number;

    private ReferenceMeter(ReferenceMeterOptions options)
    {
        _options = options;
        _decoder = new ReferenceDecoder(options.Decapsulate);
    }

    public static ReferenceResult Run(IEnumerable<Frame> frames, ReferenceMeterOptions? options = null)
    {
        ReferenceMeter meter = new(options ?? new ReferenceMeterOptions());
        foreach (Frame frame in frames)
        {
            meter.Meter(frame);
        }
        meter.EndOfInput();
        return meter._result;
    }

    private void Meter(in Frame frame)
    {
        ReferencePacket packet = _decoder.Decode(frame);
        _result.Count(packet.Outcome);
        if (packet.Outcome != ReferenceOutcome.Metered)
        {
            return;
        }
        long now = frame.TimestampNs;
        _clock.Take(now);

        ReferenceFlowKey key = ReferenceFlowKey.Of(packet);
        if (_live.TryGetValue(key, out ReferenceFlow? flow) && ReasonToEnd(flow, packet, now) is { } reason)
        {
            End(flow, reason);
            flow = reason == "active" ? new ReferenceFlow(flow.Protocol, flow.Source, flow.Destination) : null;
        }
        flow ??= Begin(packet);
        _live[key] = flow;
        if (now < flow.LastNs)
        {
            _result.OutOfOrder++;
        }
        flow.Add(packet, now, frame.OriginalLength, _number++);
    }

    /// <summary>The order of the three is SPEC's.</summary>
    private string? ReasonToEnd(ReferenceFlow flow, in ReferencePacket packet, long now)
    {
        bool opens = packet.Has(ReferencePacket.Syn) && !packet.Has(ReferencePacket.Ack) && now >= flow.LastNs;
        if (flow.IsClosed && (opens || now - flow.LastNs > _options.LingerNs))
        {
            return "end";
        }
        if (now - flow.LastNs > _options.IdleTimeoutNs)
        {
            return "idle";
        }
        return now - flow.FirstNs > _options.ActiveTimeoutNs ? "active" : null;
    }

    private ReferenceFlow Begin(in ReferencePacket packet)
    {
        bool answers = packet.Has(ReferencePacket.Syn) && packet.Has(ReferencePacket.Ack);
        bool sourceIsLocal = IsLocal(packet.Source.Address);
        bool destinationIsLocal = IsLocal(packet.Destination.Address);
        bool swap = sourceIsLocal == destinationIsLocal ? answers : destinationIsLocal;
        return swap
            ? new ReferenceFlow(packet.Protocol, packet.Destination, packet.Source)
            : new ReferenceFlow(packet.Protocol, packet.Source, packet.Destination);
    }

    private bool IsLocal(ReferenceAddress address) => _options.LocalNets.Any(net => net.Contains(address));

    private void EndOfInput()
    {
        _result.ClockJumps = _clock.Jumps;
        foreach (ReferenceFlow flow in _live.Values)
        {
            bool idle = _clock.NowNs - flow.LastNs > _options.IdleTimeoutNs;
            End(flow, flow.IsClosed ? "end" : idle ? "idle" : "forced");
        }
    }

    private void End(ReferenceFlow flow, string reason)
    {
        flow.EndReason = reason;
        if (flow.Packets.Count >= _options.MinPackets)
        {
            _result.Records.Add(ReferenceRecord.Of(flow));
            _result.Flows.Add(flow);
        }
    }
}
