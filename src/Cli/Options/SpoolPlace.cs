namespace FlowMeter.Cli.Options;

/// <summary>Where messages wait for a broker.</summary>
/// <param name="Folder">The folder.</param>
/// <param name="Bytes">Bytes of all messages at most.</param>
internal sealed record SpoolPlace(string Folder, long Bytes)
{
    /// <inheritdoc/>
    public override string ToString() => $"{Folder},{Bytes}";
}
