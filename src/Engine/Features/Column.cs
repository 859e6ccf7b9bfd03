namespace FlowMeter.Engine.Features;

/// <summary>One column of a flow table.</summary>
/// <param name="Name">Its name in the header.</param>
/// <param name="Unit">The unit of its values; empty where there is none.</param>
/// <param name="Meaning">What it is, or how it is computed.</param>
/// <param name="Source">Where the values come from.</param>
/// <param name="Feature">Its number among the profile's features; -1 if it is none.</param>
public sealed record Column(string Name, string Unit, string Meaning, ColumnSource Source, int Feature = -1)
{
    /// <summary>The kind of its values.</summary>
    public ColumnType Type => Source switch
    {
        ColumnSource.Integer or ColumnSource.SourcePort or ColumnSource.DestinationPort or ColumnSource.Protocol => ColumnType.Integer,
        ColumnSource.Thousandths or ColumnSource.Double or ColumnSource.Score => ColumnType.Double,
        ColumnSource.StartTime or ColumnSource.EndTime => ColumnType.Time,
        ColumnSource.SourceAddress or ColumnSource.DestinationAddress => ColumnType.Address,
        ColumnSource.ProtocolName or ColumnSource.ApplicationName or ColumnSource.Label or ColumnSource.EndReason or ColumnSource.Verdict
            or ColumnSource.VerdictBasis => ColumnType.Enumeration,
        _ => ColumnType.Text,
    };

    /// <summary>What a label's column holds where there is no label: CICFlowMeter's word for it.</summary>
    public const string NoLabel = "NeedManualLabel";

    /// <summary>The column that a label adds, behind all others, to a profile that has none for it.</summary>
    public static Column OfLabel { get; } = new("label", "", "the text of --label", ColumnSource.Label);

    /// <summary>The column that --community-id adds.</summary>
    public static Column OfCommunityId { get; } = new(
        "community_id", "", "Community ID v1 of the flow; empty for ICMP, whose messages have one each", ColumnSource.CommunityId);

    /// <summary>The column that --explain adds, behind all others.</summary>
    public static Column OfExplanation { get; } = new(
        "explanation", "",
        "the features that pushed the score most: name, range of the value, what it adds to the log-odds less what it adds on average",
        ColumnSource.Explanation);

    /// <summary>The column that a model adds behind its verdict in a profile that remembers hosts.</summary>
    public static Column OfVerdictBasis { get; } = new(
        "verdict_by", "",
        "what the verdict rests on: flow, its score; host, since the flow has fewer packets than the model asks for and its source scans, "
            + "sweeps or guesses passwords (docs/hosts.md); empty, nothing",
        ColumnSource.VerdictBasis);

    /// <summary>The two columns that a model adds at the end (SPEC §4).</summary>
    public static IReadOnlyList<Column> OfModel { get; } =
    [
        new("score", "1", "the model's probability that the flow is malicious", ColumnSource.Score),
        new(
            "verdict", "",
            "benign, malicious, or undecided for a flow with fewer packets than the model asks for or a score between its two thresholds",
            ColumnSource.Verdict),
    ];
}
