namespace FlowMeter.Engine.Output;

/// <summary>
/// An output that can not be opened or written on. The message is one line that says what is wrong, where, and what to do.
/// </summary>
public sealed class OutputException : Exception
{
    /// <summary>Makes the exception with its one-line message.</summary>
    public OutputException(string message)
        : base(message)
    {
    }

    /// <summary>Makes the exception with its one-line message and what caused it.</summary>
    public OutputException(string message, Exception inner)
        : base(message, inner)
    {
    }

    /// <summary>The reader of a pipe went away, which is its right: the run ends quietly.</summary>
    public bool IsClosedPipe { get; init; }
}
