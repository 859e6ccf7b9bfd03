namespace FlowMeter.Engine.Metering;

/// <summary>Where packets come from, and so who may wait for whom.</summary>
public enum MeteringMode
{
    /// <summary>Files: rows are written in large pieces, and metering waits for its output.</summary>
    Files,

    /// <summary>A pipe: rows are written as soon as nothing else is to be done, and metering waits for its output.</summary>
    Stream,

    /// <summary>
    /// Interfaces: rows likewise, but packets do not wait. An output that is too slow loses flows, which are counted, rather than have a
    /// worker wait.
    /// </summary>
    Live,
}
