namespace FlowMeter.Cli.Telemetry;

/// <summary>What a counter counts. The summary for people has its lines in this order.</summary>
internal enum CounterUnit
{
    Flows,
    Packets,
    Events,
    Bytes,
}
