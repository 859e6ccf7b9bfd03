using System.Runtime.CompilerServices;

namespace FlowMeter.Engine.Names;

/// <summary>
/// Finds out what flows are, by their first packets: one for each worker thread. It looks at a few packets of each direction, keeps bytes
/// only where a message is cut, and allocates nothing. What a packet says is believed as far as its bytes go, and no further.
/// </summary>
internal sealed unsafe class NameReader : IDisposable
{
    private const byte Tcp = 6;
    private const byte Udp = 17;

    private readonly NameRecords _records;
    private readonly StreamHeads _heads;
    private readonly StreamReading _streams;
    private readonly QuicReader _quic;
    private readonly DatagramReading _datagrams;

    /// <summary>Makes a reader.</summary>
    /// <param name="arena">Where records come from; stays the caller's.</param>
    /// <param name="answered">Takes the names of addresses that messages tell; null where nobody wants them.</param>
    /// <param name="streams">Directions of flows that may wait for the rest of a first message at a time, 8 kB each.</param>
    public NameReader(NameArena arena, AnsweredNames? answered = null, int streams = 512)
    {
        _records = new NameRecords(arena);
        _heads = new StreamHeads(streams);
        TlsReader tls = new();
        DnsReader dns = new(answered);
        _streams = new StreamReading(_heads, new StreamBeginning(tls, dns));
        _quic = new QuicReader(_heads, tls);
        _datagrams = new DatagramReading(_quic, tls, dns, answered);
    }

    /// <summary>Flows whose application is known by their payload.</summary>
    public long Named => _records.Named;

    /// <summary>Names that found no memory, each once for a flow's packet.</summary>
    public long RecordsRefused => _records.Refused;

    /// <summary>Flows whose waiting bytes were given up, because others needed the memory.</summary>
    public long StreamsTakenAway => _heads.TakenAway;

    /// <summary>Keys that were made for QUIC, seven microseconds each: one for a flow as a rule.</summary>
    public long QuicKeysMade => _quic.KeysMade;

    /// <summary>Directions of flows that wait for the rest of a first message now.</summary>
    public int Waiting => _heads.Lent;

    /// <summary>Begins a flow.</summary>
    public void Begin(FlowNames* flow) => *flow = default;

    /// <summary>Looks at a packet of a flow, unless enough of them were seen.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Take(FlowNames* flow, in NamePacket packet)
    {
        if (!flow->IsDone(packet.FromB) && (packet.Length > 0 || (packet.TcpFlags & StreamReading.Syn) != 0))
        {
            TakeOpen(flow, in packet);
        }
    }

    /// <summary>Ends a flow: gives back what it waited in. Its record stays.</summary>
    public void End(FlowNames* flow)
    {
        if ((flow->A.Stream | flow->B.Stream) != 0)
        {
            EndStream(flow, ref flow->A);
            EndStream(flow, ref flow->B);
        }

        flow->Done = 3;
    }

    /// <summary>Adds a name that comes from elsewhere than the flow's packets.</summary>
    public void Add(FlowNames* flow, NameField field, ReadOnlySpan<byte> bytes) => new FlowNaming(flow, _records).Add(field, bytes);

    /// <summary>Gives back the record of a flow that is written nowhere.</summary>
    public void Discard(FlowNames* flow) => _records.Return(flow);

    /// <inheritdoc/>
    public void Dispose()
    {
        _records.Dispose();
        _heads.Dispose();
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private void TakeOpen(FlowNames* flow, in NamePacket packet)
    {
        ref NamedEnd end = ref packet.FromB == 0 ? ref flow->A : ref flow->B;
        FlowNaming to = new(flow, _records);
        bool goesOn = packet.Protocol switch
        {
            Tcp => _streams.Take(in to, ref end, in packet),
            Udp => _datagrams.Take(in to, ref end, in packet),
            _ => false,
        };
        if (!goesOn)
        {
            EndStream(flow, ref end);
            flow->Done |= (byte)(1 << packet.FromB);
        }
    }

    /// <summary>Takes what is there of a message whose rest did not come, and gives back where it waited.</summary>
    private void EndStream(FlowNames* flow, ref NamedEnd end)
    {
        if (end.Stream == 0)
        {
            return;
        }

        FlowNaming to = new(flow, _records);
        if (flow->Application == Application.Quic)
        {
            _datagrams.End(in to, ref end);
        }
        else
        {
            _streams.End(in to, ref end);
        }
    }
}
