namespace FlowMeter.Native;

/// <summary>libpcap refused something, or is missing. The message says what was tried and gives libpcap's own text.</summary>
public sealed class PcapException : Exception
{
    internal PcapException(string message, PcapError error = PcapError.Generic)
        : base(message) => Error = error;

    /// <summary>libpcap's code, for callers that treat one failure unlike another.</summary>
    public PcapError Error { get; }
}
