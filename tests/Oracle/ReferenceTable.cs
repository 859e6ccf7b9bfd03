namespace FlowMeter.Tests.Oracle;

/// <summary>Expected rows: the first columns say as text which row it is, the others are numbers.</summary>
internal sealed record ReferenceTable(string[] IdentityColumns, string[] NumberColumns, IReadOnlyList<ReferenceRow> Rows)
{
    /// <summary>The same rows with some of the numbers.</summary>
    public ReferenceTable With(Func<string, bool> isKept)
    {
        int[] kept = [.. Enumerable.Range(0, NumberColumns.Length).Where(i => isKept(NumberColumns[i]))];
        return new ReferenceTable(
            IdentityColumns,
            [.. kept.Select(i => NumberColumns[i])],
            [.. Rows.Select(row => row with { Numbers = [.. kept.Select(i => row.Numbers[i])] })]);
    }
}
