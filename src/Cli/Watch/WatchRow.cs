namespace FlowMeter.Cli.Watch;

/// <summary>A row of a table that a person looks at.</summary>
/// <param name="Cells">A text for each column. It may be anything that strangers sent.</param>
/// <param name="Mark">The verdict on it, by which it is coloured; empty: none.</param>
/// <param name="Number">The number of the flow that it is about; 0: none.</param>
internal sealed record WatchRow(IReadOnlyList<string> Cells, string Mark = "", long Number = 0);
