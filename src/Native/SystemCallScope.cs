namespace FlowMeter.Native;

/// <summary>What a run does once it has begun, by which the system calls are allowed that it may make.</summary>
public enum SystemCallScope
{
    /// <summary>It reads and writes files, pipes and terminals.</summary>
    Files,

    /// <summary>The same, and it answers on a port that is open already.</summary>
    FilesAndPage,

    /// <summary>It captures, too: opens packet sockets anew and serves counters on a port that is open already.</summary>
    Capture,

    /// <summary>It captures, and connects to a broker.</summary>
    CaptureToBroker,

    /// <summary>The same, and it looks the broker's names up, by a library that sends as it likes.</summary>
    CaptureToCluster,
}
