namespace FlowMeter.Engine.Hosts;

/// <summary>The flows of a <see cref="TalkKey"/> within an interval.</summary>
internal struct Talk
{
    /// <summary>Flows.</summary>
    public long Flows;

    /// <summary>Those of them that failed (<see cref="HostFlow.IsFailed"/>).</summary>
    public long Failed;

    /// <summary>Those that did not fail and were with a login service (<see cref="HostFlow.IsLogin"/>).</summary>
    public long Logins;

    /// <summary>Packets of all of them.</summary>
    public long Packets;

    /// <summary>Packets of those that did not fail.</summary>
    public double AnsweredPackets;

    /// <summary>Their squares.</summary>
    public double AnsweredSquares;

    /// <summary>Flows that the model judged.</summary>
    public long Judged;

    /// <summary>Those of them with the verdict malicious.</summary>
    public long Malicious;

    /// <summary>The sum of the log-odds of the judged flows.</summary>
    public double LogOdds;

    /// <summary>Flows that did not fail.</summary>
    public readonly long Answered => Flows - Failed;

    /// <summary>The coefficient of variation of the packets of the flows that did not fail.</summary>
    public readonly double Variation
    {
        get
        {
            double mean = AnsweredPackets / Answered;
            return Answered == 0 ? 0 : Math.Sqrt(Math.Max((AnsweredSquares / Answered) - (mean * mean), 0)) / mean;
        }
    }

    /// <summary>Adds a flow.</summary>
    public void Add(in HostFlow flow)
    {
        Flows++;
        Packets += flow.Packets;
        if (flow.IsFailed)
        {
            Failed++;
        }
        else
        {
            Logins += flow.IsLogin ? 1 : 0;
            AnsweredPackets += flow.Packets;
            AnsweredSquares += (double)flow.Packets * flow.Packets;
        }

        if (flow.LogOdds is double logOdds)
        {
            Judged++;
            Malicious += flow.IsMalicious ? 1 : 0;
            LogOdds += logOdds;
        }
    }
}
