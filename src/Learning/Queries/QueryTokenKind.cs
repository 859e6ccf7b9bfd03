namespace FlowMeter.Learning.Queries;

/// <summary>What a piece of an expression is.</summary>
internal enum QueryTokenKind
{
    /// <summary>The end of the expression.</summary>
    End,

    /// <summary>A word without quotes: a name, a keyword or a value.</summary>
    Word,

    /// <summary>Text in quotes.</summary>
    Quoted,

    /// <summary>A comparison: ==, !=, &lt;, &lt;=, &gt;, &gt;= or ~.</summary>
    Operator,

    /// <summary>An opening parenthesis.</summary>
    Open,

    /// <summary>A closing parenthesis.</summary>
    Close,

    /// <summary>A comma.</summary>
    Comma,
}
