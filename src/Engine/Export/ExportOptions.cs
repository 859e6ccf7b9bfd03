using FlowMeter.Engine.Anonymization;

namespace FlowMeter.Engine.Export;

/// <summary>How rows are written, and what they have beside the columns of the profile and the model; fixed for a run.</summary>
public sealed record ExportOptions
{
    private const int ExplainedToWatch = 5;

    /// <summary>How the table is written.</summary>
    public TableEncoding Encoding { get; init; } = TableEncoding.Csv;

    /// <summary>Bytes that the numbers of a batch take at most, in formats that are columns.</summary>
    public int MaxBatchBytes { get; init; } = FlowBatch.DefaultBytes;

    /// <summary>Whether JSON has the names of the Elastic Common Schema.</summary>
    public bool UsesElasticNames { get; init; }

    /// <summary>The private enterprise number under which IPFIX has what no information element of IANA's says.</summary>
    public uint IpfixEnterprise { get; init; } = IpfixColumn.Documentation;

    /// <summary>Whether IPFIX has a record for each direction of a flow, in place of a biflow (RFC 5103).</summary>
    public bool HasUniflows { get; init; }

    /// <summary>Bytes of a message of IPFIX at most, unless a record alone is longer.</summary>
    public int MaxIpfixMessage { get; init; } = IpfixMessage.MaxLength;

    /// <summary>What stands in the label's column of every row; null: no such column, unless the profile has one of its own.</summary>
    public string? Label { get; init; }

    /// <summary>Features that explain the score of every row; 0 for no such column.</summary>
    public int Explain { get; init; }

    /// <summary>Whether scores are explained for who watches the run, also where rows have no column for it.</summary>
    public bool ExplainsForWatch { get; init; }

    /// <summary>Features that explain a score: as many as in the table, or five; 0: none are looked for.</summary>
    internal int ExplainedFeatures => Explain > 0 || !ExplainsForWatch ? Explain : ExplainedToWatch;

    /// <summary>Whether every row has the state of its flow's connection.</summary>
    public bool HasConnectionState { get; init; }

    /// <summary>Whether every row has the names of its flow.</summary>
    public bool HasNames { get; init; }

    /// <summary>What addresses and names are replaced under in all that sinks and observers get; null: they stay.</summary>
    public AnonymizationKey? Anonymization { get; init; }

    /// <summary>Whether every row has its flow's Community ID.</summary>
    public bool HasCommunityId { get; init; }
}
