using FlowMeter.Engine.Flow;

namespace FlowMeter.Engine.Scoring;

/// <summary>Flows, packets and bytes by verdict. Owned and written by one thread; others may read it at any time.</summary>
public sealed class VerdictCounts
{
    private readonly long[] _flows = new long[3];
    private readonly long[] _packets = new long[3];
    private readonly long[] _bytes = new long[3];
    private long _byHost;
    private long _bypassedPackets;
    private long _bypassedBytes;

    /// <summary>Flows with this verdict.</summary>
    public long Flows(Verdict verdict) => Volatile.Read(ref _flows[(int)verdict]);

    /// <summary>Packets of flows with this verdict.</summary>
    public long Packets(Verdict verdict) => Volatile.Read(ref _packets[(int)verdict]);

    /// <summary>Bytes of flows with this verdict.</summary>
    public long Bytes(Verdict verdict) => Volatile.Read(ref _bytes[(int)verdict]);

    /// <summary>Flows whose verdict rests on what their source did; they are among those of <see cref="Flows"/>.</summary>
    public long ByHost => Volatile.Read(ref _byHost);

    /// <summary>
    /// Packets that bypass the inspection: those of flows with the verdict benign, behind their decision point.
    /// </summary>
    public long BypassedPackets => Volatile.Read(ref _bypassedPackets);

    /// <summary>Bytes of <see cref="BypassedPackets"/>.</summary>
    public long BypassedBytes => Volatile.Read(ref _bypassedBytes);

    internal void AddBypassed(ulong packets, ulong bytes)
    {
        _bypassedPackets += (long)packets;
        _bypassedBytes += (long)bytes;
    }

    internal void Add(Verdict verdict, VerdictBasis basis, ulong packets, ulong bytes)
    {
        _byHost += basis == VerdictBasis.Host ? 1 : 0;
        _flows[(int)verdict]++;
        _packets[(int)verdict] += (long)packets;
        _bytes[(int)verdict] += (long)bytes;
    }
}
