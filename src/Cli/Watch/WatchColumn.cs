namespace FlowMeter.Cli.Watch;

/// <summary>A column of a table that a person looks at.</summary>
/// <param name="Name">Its heading.</param>
/// <param name="IsNumber">Whether its cells stand to the right.</param>
/// <param name="Sort">What the table is sorted by through it, in a query; empty: it is not sorted by it.</param>
internal readonly record struct WatchColumn(string Name, bool IsNumber = false, string Sort = "");
