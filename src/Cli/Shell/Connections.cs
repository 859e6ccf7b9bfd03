namespace FlowMeter.Cli.Shell;

/// <summary>What a run connects to once it is in its sandbox.</summary>
/// <param name="Ports">TCP ports, of any machine; none by who sends over UDP.</param>
/// <param name="LooksUpNames">Whether names are looked up then, too.</param>
internal sealed record Connections(IReadOnlyList<ushort> Ports, bool LooksUpNames = false);
