namespace FlowMeter.Engine.Brokers;

/// <summary>There is no room for another message.</summary>
internal sealed class SpoolFullException() : IOException("there is no room for more messages, and the broker takes none");
