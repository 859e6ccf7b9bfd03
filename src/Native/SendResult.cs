namespace FlowMeter.Native;

/// <summary>What became of a packet that was to be sent.</summary>
public enum SendResult
{
    /// <summary>The interface has it.</summary>
    Sent,

    /// <summary>It is longer than the interface takes.</summary>
    TooLong,

    /// <summary>The interface has too many waiting; it may be tried again.</summary>
    NoBuffers,

    /// <summary>It can not be sent, and neither can others: the interface is down or gone.</summary>
    Failed,
}
