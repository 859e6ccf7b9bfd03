namespace FlowMeter.Cli.Watch;

/// <summary>A table that a person looks at.</summary>
/// <param name="Id">Its name in markup.</param>
/// <param name="Caption">What it shows.</param>
/// <param name="Columns">Its columns.</param>
/// <param name="Rows">Its rows.</param>
internal sealed record WatchTable(string Id, string Caption, IReadOnlyList<WatchColumn> Columns, IReadOnlyList<WatchRow> Rows);
