using FlowMeter.Learning.Queries;

namespace FlowMeter.Cli.View;

/// <summary>A column of a table for people.</summary>
/// <param name="Title">What stands above it.</param>
/// <param name="Format">Makes the text of a row, for a width; it may be wider, and is cut then.</param>
internal sealed record ViewColumn(string Title, Func<FieldRow, int, string> Format)
{
    /// <summary>Whether its texts stand at the right, as numbers do.</summary>
    public bool IsRight { get; init; }

    /// <summary>
    /// The width down to which it gives way before another column is left out; 0: it does not, since half a number misleads.
    /// </summary>
    public int Narrowest { get; init; }

    /// <summary>The only widths that make sense in a line that has an edge, the largest first; none: all do.</summary>
    public IReadOnlyList<int> Steps { get; init; } = [];

    /// <summary>The width that it gets where there is room though the first rows do not need it.</summary>
    public int Typical { get; init; }

    /// <summary>What it is worth: where columns do not fit, that with the least is left out first.</summary>
    public int Worth { get; init; }

    /// <summary>Whether its text is a verdict, which has a colour.</summary>
    public bool IsVerdict { get; init; }
}
