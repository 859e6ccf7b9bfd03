namespace FlowMeter.Cli.Telemetry;

/// <summary>The metrics can not be served; the message is one line that says where, why, and what to do.</summary>
internal sealed class MetricsException(string message) : Exception(message);
