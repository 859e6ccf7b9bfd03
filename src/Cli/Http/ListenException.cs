namespace FlowMeter.Cli.Http;

/// <summary>Nothing can listen at an address; the message is one line that says where, why, and what to do.</summary>
internal sealed class ListenException(string message) : Exception(message);
