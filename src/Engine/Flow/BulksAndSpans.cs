using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace FlowMeter.Engine.Flow;

/// <summary>
/// What profile <c>cic</c> keeps of a flow in its own column: four cache lines, the last one for flows with idle gaps. Arrays of two hold
/// endpoint A, then endpoint B.
/// </summary>
[StructLayout(LayoutKind.Sequential)]
internal unsafe struct BulksAndSpans
{
    /// <summary>Packets of endpoint A with PSH and with URG; endpoint B's are the flow's less these.</summary>
    public const int PshA = 0;

    /// <inheritdoc cref="PshA"/>
    public const int UrgA = 1;

    /// <summary>Data packets: this counter is endpoint A's, the next one is endpoint B's.</summary>
    public const int DataPackets = 2;

    /// <summary>Bulks, likewise.</summary>
    public const int Bulks = 4;

    /// <summary>Packets in bulks, likewise.</summary>
    public const int BulkPackets = 6;

    /// <summary>Packets of the flow by TCP flag, from FIN to CWR.</summary>
    public PacketCounters Flags;

    /// <summary>Bytes on the wire, since the sizes of the common columns are payloads here.</summary>
    public ulong WireBytes;

    /// <summary>When the span began that the flow is in, ns.</summary>
    public long SpanStart;

    /// <summary>
    /// Newest time of the run of data packets, ns. Its end is the one of the last data packet: <see cref="FlowState.LastIsB"/>.
    /// </summary>
    public long RunLast;

    public PacketCounters Counts;

    /// <summary>Payload of the run's first packets, until it is a bulk.</summary>
    public ulong RunBytes;

    /// <summary>The time they took, ns: three gaps of a second at most.</summary>
    public uint RunTime;

    /// <summary>Gaps over a second.</summary>
    public uint LongGaps;

    public fixed ushort Windows[2];
    public fixed byte MinHeader[2];

    /// <summary>Packets of the run, up to those of a bulk.</summary>
    public byte RunPackets;
    public fixed ulong HeaderBytes[2];
    public fixed ulong BulkBytes[2];

    /// <summary>Durations of bulks, ns.</summary>
    public fixed ulong BulkTime[2];

    /// <summary>Sum of idle gaps, ns.</summary>
    public ulong IdleTime;
    public uint IdleGaps;

    /// <summary>Spans that lasted, the one that the flow is in not among them.</summary>
    public uint ActiveSpans;
    public GapSums Idle;
    public GapSums Active;

    /// <summary>Takes a gap over a second. An idle one ends the span.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public void AddLongGap(long last, long time)
    {
        LongGaps++;
        long gap = time - last;
        if (gap <= PayloadsAndBulks.IdleGap)
        {
            return;
        }

        IdleGaps++;
        IdleTime += (ulong)gap;
        Idle.Add((ulong)gap);
        if (last > SpanStart)
        {
            ActiveSpans++;
            Active.Add((ulong)(last - SpanStart));
        }

        SpanStart = time;
    }
}
