namespace FlowMeter.Native;

/// <summary>
/// OpenSSL is not there, refuses what it was given, or does not trust the other side. The message is a part of a sentence.
/// </summary>
public sealed class OpenSslException : Exception
{
    /// <summary>Makes the exception.</summary>
    public OpenSslException(string message)
        : base(message)
    {
    }

    /// <summary>Whether the other side is not trusted, in its authority, its name or its dates.</summary>
    public bool IsDistrust { get; init; }
}
