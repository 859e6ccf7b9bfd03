using FlowMeter.Engine.Brokers;
using static FlowMeter.Cli.Telemetry.CounterUnit;

namespace FlowMeter.Cli.Telemetry;

/// <content>What is published to a broker.</content>
internal static partial class Counters
{
    /// <summary>
    /// What becomes of rows that are published: those found and written are those acknowledged and waiting, and rows that were lost are
    /// among those lost with the output.
    /// </summary>
    public static IReadOnlyList<Counter<BrokerOutput>> Broker { get; } =
    [
        new("sent_messages", Events, "Messages sent to the broker, again after a failure.", broker => broker.Sent.Messages)
        {
            Metric = "flowmeter_broker_sent_messages_total",
        },
        new("sent_rows", CounterUnit.Flows, "Rows in messages sent to the broker.", broker => broker.Sent.Rows)
        {
            Metric = "flowmeter_broker_sent_rows_total",
        },
        new("acknowledged_messages", Events, "Messages that the broker keeps.", broker => broker.Acknowledged.Messages)
        {
            Metric = "flowmeter_broker_acknowledged_messages_total",
        },
        new("acknowledged_rows", CounterUnit.Flows, "Rows in messages that the broker keeps.", broker => broker.Acknowledged.Rows)
        {
            Metric = "flowmeter_broker_acknowledged_rows_total",
            Line = "published",
            Words = "rows that the broker keeps",
            Statistic = "{0} rows published",
        },
        new("duplicate_messages", Events, "Messages sent that the broker had before.", broker => broker.Duplicates)
        {
            Metric = "flowmeter_broker_duplicate_messages_total",
        },
        new("found_rows", CounterUnit.Flows, "Rows that an earlier run left in the spool.", broker => broker.Found.Rows)
        {
            Metric = "flowmeter_broker_found_rows_total",
            Line = "found",
            Words = "rows that an earlier run left in the spool",
        },
        new("spooled_messages", Events, "Messages that wait for the broker.", broker => broker.Waiting.Messages)
        {
            Metric = "flowmeter_broker_spooled_messages",
            IsGauge = true,
        },
        new("spooled_rows", CounterUnit.Flows, "Rows in messages that wait for the broker.", broker => broker.Waiting.Rows)
        {
            Metric = "flowmeter_broker_spooled_rows",
            IsGauge = true,
            Line = "spooled",
            Words = "rows that wait for the broker",
            Statistic = "{0} waiting",
        },
        new("spooled_bytes", Bytes, "Bytes of messages that wait for the broker.", broker => broker.Waiting.Bytes)
        {
            Metric = "flowmeter_broker_spooled_bytes",
            IsGauge = true,
        },
    ];
}
