namespace FlowMeter.Learning.Data;

/// <summary>Labels, tables or flows that can not be used. The message is one line that says what is wrong, where, and what to do.</summary>
public sealed class DataException : Exception
{
    /// <summary>Makes the exception with its one-line message.</summary>
    public DataException(string message)
        : base(message)
    {
    }

    /// <summary>Makes the exception with its one-line message and its cause.</summary>
    public DataException(string message, Exception inner)
        : base(message, inner)
    {
    }
}
