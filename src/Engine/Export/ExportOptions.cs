namespace FlowMeter.Engine.Export;

/// <summary>What a row has beside the columns of the profile and the model; fixed for a run.</summary>
public sealed record ExportOptions
{
    /// <summary>What stands in the label's column of every row; null: no such column, unless the profile has one of its own.</summary>
    public string? Label { get; init; }

    /// <summary>Features that explain the score of every row; 0 for no such column.</summary>
    public int Explain { get; init; }

    /// <summary>Whether every row has its flow's Community ID.</summary>
    public bool HasCommunityId { get; init; }
}
