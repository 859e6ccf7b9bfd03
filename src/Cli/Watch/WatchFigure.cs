namespace FlowMeter.Cli.Watch;

/// <summary>A number that says how a run is, as text.</summary>
/// <param name="Name">What it is.</param>
/// <param name="Value">The number with its unit.</param>
/// <param name="Detail">More about it; empty: nothing.</param>
/// <param name="IsBad">Whether somebody should look at it.</param>
internal readonly record struct WatchFigure(string Name, string Value, string Detail = "", bool IsBad = false);
