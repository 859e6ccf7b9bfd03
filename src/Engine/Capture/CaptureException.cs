namespace FlowMeter.Engine.Capture;

/// <summary>An input that can not be opened or read on. The message is one line that says what is wrong, where, and what to do.</summary>
public sealed class CaptureException : Exception
{
    /// <summary>Makes the exception with its one-line message.</summary>
    public CaptureException(string message)
        : base(message)
    {
    }

    /// <summary>Makes the exception with its one-line message and what caused it.</summary>
    public CaptureException(string message, Exception inner)
        : base(message, inner)
    {
    }

    /// <summary>What kind of failure it is.</summary>
    public CaptureFault Fault { get; init; } = CaptureFault.Damaged;

    /// <summary>What kind of failure an exception of the input's stream is.</summary>
    public static CaptureFault FaultOf(Exception reading) => reading switch
    {
        EndOfStreamException => CaptureFault.Incomplete,
        IOException or UnauthorizedAccessException => CaptureFault.Unreadable,
        _ => CaptureFault.Damaged,
    };
}
