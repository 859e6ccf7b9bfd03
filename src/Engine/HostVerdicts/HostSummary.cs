using FlowMeter.Engine.Hosts;

namespace FlowMeter.Engine.HostVerdicts;

/// <summary>What a source did, and what the rules say of it.</summary>
/// <param name="Source">Its address.</param>
public sealed record HostSummary(string Source)
{
    /// <summary>Flows that it began.</summary>
    public long Flows { get; private init; }

    /// <summary>Packets of these.</summary>
    public long Packets { get; private init; }

    /// <summary>Hosts that it talked to.</summary>
    public int Peers { get; private init; }

    /// <summary>Ports with their protocols that it talked to.</summary>
    public int Ports { get; private init; }

    /// <summary>Flows that came to nothing.</summary>
    public long Failed { get; private init; }

    /// <summary>Flows that the model judged.</summary>
    public long Judged { get; private init; }

    /// <summary>Flows with the verdict malicious.</summary>
    public long Malicious { get; private init; }

    /// <summary>The log-odds that it is malicious, by the scores of its flows.</summary>
    public double LogOdds { get; private init; }

    /// <summary><c>benign</c>, <c>malicious</c> or <c>undecided</c>.</summary>
    public string Verdict { get; private init; } = "";

    /// <summary>What the rules found, with <c>; </c> between.</summary>
    public string Reasons => string.Join("; ", Findings);

    /// <summary>The same, one by one.</summary>
    internal IReadOnlyList<HostFinding> Findings { get; private init; } = [];

    /// <summary>Sums up the talks of a source within an interval.</summary>
    /// <param name="source">Its address.</param>
    /// <param name="talks">What it did.</param>
    /// <param name="isTuned">Whether the model's scores mean something in this network.</param>
    internal static HostSummary From(string source, IReadOnlyList<(TalkKey Key, Talk Talk)> talks, bool isTuned)
    {
        IReadOnlyList<HostFinding> findings = HostRules.Apply(talks, isTuned);
        double logOdds = HostRules.LogOdds(talks);
        long judged = talks.Sum(talk => talk.Talk.Judged);
        return new HostSummary(source)
        {
            Flows = talks.Sum(talk => talk.Talk.Flows),
            Packets = talks.Sum(talk => talk.Talk.Packets),
            Peers = talks.Select(talk => talk.Key.Destination).Distinct().Count(),
            Ports = talks.Select(talk => talk.Key.Service).Distinct().Count(),
            Failed = talks.Sum(talk => talk.Talk.Failed),
            Judged = judged,
            Malicious = talks.Sum(talk => talk.Talk.Malicious),
            LogOdds = logOdds,
            Verdict = findings.Count > 0 ? "malicious"
                : isTuned && judged > 0 && logOdds <= -HostRules.Decisive ? "benign"
                : "undecided",
            Findings = findings,
        };
    }
}
