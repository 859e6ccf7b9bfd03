namespace FlowMeter.Learning.Queries;

/// <summary>What is asked of a table of flows.</summary>
public sealed record FlowQuery
{
    /// <summary>The expression that rows have to meet; null: all rows.</summary>
    public string? Expression { get; init; }

    /// <summary>The columns by whose values rows are summed up; none: rows stay rows.</summary>
    public IReadOnlyList<string> By { get; init; } = [];

    /// <summary>The columns by which rows or groups are put in order; none: rows as they come, groups by their number of flows.</summary>
    public IReadOnlyList<SortColumn> Sort { get; init; } = [];

    /// <summary>Rows or groups at most; null: all.</summary>
    public long? Top { get; init; }

    /// <summary>The columns that are shown, in this order; none: all.</summary>
    public IReadOnlyList<string> Columns { get; init; } = [];
}
