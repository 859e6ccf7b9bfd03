namespace FlowMeter.Tests.Oracle;

/// <summary>A flow as the plain list of its packets.</summary>
internal sealed class ReferenceFlow(byte protocol, ReferenceEndpoint source, ReferenceEndpoint destination)
{
    private bool _forwardFin;
    private bool _backwardFin;
    private bool _reset;
    private int _fins;

    public byte Protocol { get; } = protocol;

    /// <summary>The end that forward packets come from.</summary>
    public ReferenceEndpoint Source { get; } = source;

    public ReferenceEndpoint Destination { get; } = destination;

    public List<Packet> Packets { get; } = [];

    public string EndReason { get; set; } = "";

    public long FirstNs => Packets[0].TimestampNs;

    /// <summary>The newest time, which need not be the last packet's.</summary>
    public long LastNs { get; private set; } = long.MinValue;

    public bool IsClosed => _reset || (_forwardFin && _backwardFin);

    /// <summary>SPEC §6: two FINs, whoever sent them, or one RST.</summary>
    public bool HasTwoFinsOrReset => _fins >= 2 || _reset;

    public void Add(in ReferencePacket packet, long timestampNs, long size, long number = 0)
    {
        // Where both ends are the same, the source is the flow's source: such a flow has forward packets only.
        bool forward = packet.Source == Source;
        Packets.Add(new Packet(timestampNs, size, forward) { Number = number, TcpFlags = packet.TcpFlags, Payload = packet.Payload });
        LastNs = Math.Max(LastNs, timestampNs);
        _fins += packet.Has(ReferencePacket.Fin) ? 1 : 0;
        _reset |= packet.Has(ReferencePacket.Rst);
        _forwardFin |= forward && packet.Has(ReferencePacket.Fin);
        _backwardFin |= !forward && packet.Has(ReferencePacket.Fin);
    }

    internal readonly record struct Packet(long TimestampNs, long Size, bool Forward)
    {
        public byte TcpFlags { get; init; }

        public ReferencePayload Payload { get; init; }

        /// <summary>Which packet of the capture it is, where that is known.</summary>
        public long Number { get; init; }

        public bool HasData => Payload.Length > 0;
    }
}
