namespace FlowMeter.Native;

/// <summary>What a run may still open by its name.</summary>
/// <param name="Readable">Files that are read; a folder stands for all below it.</param>
/// <param name="Folders">Folders in which files are made, written and renamed.</param>
/// <param name="Streams">Pipes and devices that are written to.</param>
public sealed record SandboxFiles(IReadOnlyList<string> Readable, IReadOnlyList<string> Folders, IReadOnlyList<string> Streams)
{
    /// <summary>TCP ports that may be connected to, of any machine.</summary>
    public IReadOnlyList<ushort> Ports { get; init; } = [];
}
