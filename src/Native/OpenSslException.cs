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
}
