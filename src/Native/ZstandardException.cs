namespace FlowMeter.Native;

/// <summary>libzstd is missing or cannot start. What is wrong with a file is an <see cref="InvalidDataException"/> instead.</summary>
public sealed class ZstandardException : Exception
{
    internal ZstandardException(string message)
        : base(message)
    {
    }
}
