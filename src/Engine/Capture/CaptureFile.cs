namespace FlowMeter.Engine.Capture;

/// <summary>One of the captures of a run, and what was read of it.</summary>
public sealed class CaptureFile(string path)
{
    /// <summary>What was typed.</summary>
    public string Path { get; } = path;

    /// <summary>Frames read of it, before any filter.</summary>
    public long Frames { get; internal set; }

    /// <summary>Time of the first frame, nanoseconds since the epoch; null as long as none is known.</summary>
    public long? FirstTime { get; internal set; }

    /// <summary>Time of the frame read last.</summary>
    public long? LastTime { get; internal set; }

    /// <summary>What it says was lost before it was written.</summary>
    public StatedDrops Drops { get; internal set; } = StatedDrops.None;

    /// <summary>Why it was not read to its end; null if it was.</summary>
    public CaptureException? Failure { get; internal set; }
}
