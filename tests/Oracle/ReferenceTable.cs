namespace FlowMeter.Tests.Oracle;

/// <summary>Expected rows: the first columns say as text which row it is, the others are numbers.</summary>
internal sealed record ReferenceTable(string[] IdentityColumns, string[] NumberColumns, IReadOnlyList<ReferenceRow> Rows);
