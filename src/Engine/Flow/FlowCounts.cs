namespace FlowMeter.Engine.Flow;

/// <summary>What a worker's flows came to. Owned and written by one worker; others may read it at any time.</summary>
public sealed class FlowCounts
{
    private readonly long[] _byReason = new long[6];

    /// <summary>Flows that came out with this end reason.</summary>
    public long this[FlowEndReason reason] => Volatile.Read(ref _byReason[(int)reason]);

    /// <summary>Flows that came out.</summary>
    public long Flows
    {
        get
        {
            long sum = 0;
            for (int i = 0; i < _byReason.Length; i++)
            {
                sum += Volatile.Read(ref _byReason[i]);
            }

            return sum;
        }
    }

    /// <summary>Packets that were older than the newest of their flow.</summary>
    public long OutOfOrder { get; internal set; }

    /// <summary>Flows that had too few packets to come out.</summary>
    public long BelowMinimum { get; internal set; }

    /// <summary>Flows that the profile leaves out since their last packet is older than their first (SPEC §5).</summary>
    public long Backwards { get; internal set; }

    /// <summary>
    /// Flows that ended because there was no room for their next packet; they are among those that ended with
    /// <see cref="FlowEndReason.LackOfResources"/>.
    /// </summary>
    public long HistoryOverflows { get; internal set; }

    /// <summary>Names of flows that were lost, since there was no room for them or for the packets that they are in.</summary>
    public long NamesLost { get; internal set; }

    /// <summary>The most flows that were live at one time.</summary>
    public long Peak { get; internal set; }

    /// <summary>Flows that are live, as of the last tick of a live capture.</summary>
    public long Live { get; internal set; }

    internal void Add(FlowEndReason reason) => _byReason[(int)reason]++;
}
