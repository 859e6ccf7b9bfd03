namespace FlowMeter.Engine.Watch;

/// <summary>What a host moved within an interval.</summary>
internal struct TalkerSums
{
    /// <summary>Flows that it began or answered.</summary>
    public long Flows;

    /// <summary>Their packets.</summary>
    public long Packets;

    /// <summary>Their bytes.</summary>
    public long Bytes;

    /// <summary>Those of them that were judged malicious.</summary>
    public long Malicious;

    /// <summary>Adds a flow.</summary>
    public void Add(in TalkerFlow flow)
    {
        Flows++;
        Packets += flow.Packets;
        Bytes += flow.Bytes;
        Malicious += flow.IsMalicious ? 1 : 0;
    }

    /// <summary>Adds the sums of another interval.</summary>
    public void Add(in TalkerSums other)
    {
        Flows += other.Flows;
        Packets += other.Packets;
        Bytes += other.Bytes;
        Malicious += other.Malicious;
    }
}
