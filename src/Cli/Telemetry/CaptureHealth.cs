using FlowMeter.Engine.Capture;

namespace FlowMeter.Cli.Telemetry;

/// <summary>Whether a capture lives, and whether it does its work; may be asked from any thread.</summary>
/// <param name="capture">The interfaces.</param>
/// <param name="outputs">What it writes: a name, and whether writing fails now.</param>
internal sealed class CaptureHealth(LiveCapture capture, IReadOnlyList<(string Name, Func<bool> IsFailing)> outputs)
{
    // A batch takes milliseconds. A disk that hangs may stop a worker for a while without anything being wrong with the process.
    private static readonly TimeSpan s_longestBatch = TimeSpan.FromSeconds(10);

    /// <summary>Whether every worker gets on; if not, only a new start helps.</summary>
    public bool IsAlive => !capture.Progress.Any(worker => worker.IsStuck(s_longestBatch));

    /// <summary>Each interface, and whether it is up.</summary>
    public IReadOnlyList<(string Name, bool IsUp)> Interfaces => [.. capture.States.DistinctBy(state => state.Name)];

    /// <summary>Each output, and whether it fails.</summary>
    public IReadOnlyList<(string Name, bool IsFailing)> Outputs => [.. outputs.Select(output => (output.Name, output.IsFailing()))];

    /// <summary>What keeps it from its work, a line each; none where it does all that it was told to.</summary>
    public IReadOnlyList<string> Problems =>
    [
        .. IsAlive ? Array.Empty<string>() : ["a worker has made no progress for some time"],
        .. Interfaces.Where(state => !state.IsUp).Select(state => $"{state.Name} is down"),
        .. Outputs.Where(output => output.IsFailing).Select(output => $"{output.Name} can not be written"),
    ];
}
