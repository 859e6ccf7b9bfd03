namespace FlowMeter.Learning.Queries;

/// <summary>A piece of an expression.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="Text">Its text, without quotes.</param>
/// <param name="At">The place of its first character in the expression.</param>
/// <param name="Length">Its characters in the expression, quotes included.</param>
internal readonly record struct QueryToken(QueryTokenKind Kind, string Text, int At, int Length)
{
    /// <summary>Whether it is this keyword.</summary>
    public bool Is(string keyword) => Kind == QueryTokenKind.Word && Text == keyword;

    /// <summary>That something is wrong with it.</summary>
    public QueryException Wrong(string message) => new(message, At, Length);
}
