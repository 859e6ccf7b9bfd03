using FlowMeter.Engine.HostVerdicts;

namespace FlowMeter.Cli.Telemetry;

/// <content>The table of hosts.</content>
internal static partial class Counters
{
    /// <summary>What <c>--hosts</c> gave, where it was asked for.</summary>
    public static IReadOnlyList<Counter<HostTable>> Hosts { get; } =
    [
        new("rows", CounterUnit.Events, "Rows about hosts, one for each source and ten minutes.", hosts => hosts.Rows)
        {
            Metric = "flowmeter_hosts_rows_total",
        },
        new("malicious", CounterUnit.Events, "Rows about hosts with the verdict malicious.", hosts => hosts.Malicious)
        {
            Metric = "flowmeter_hosts_malicious_total",
        },
        Finding("port_scan"),
        Finding("sweep"),
        Finding("brute_force"),
        Finding("score"),
        new("rows_lost", CounterUnit.Events, "Rows about hosts that could not be written.", hosts => hosts.LostRows)
        {
            Metric = "flowmeter_hosts_rows_lost_total",
            Line = "not written",
            Words = "rows about hosts: the output failed",
        },
    ];

    private static Counter<HostTable> Finding(string rule) =>
        new(rule, CounterUnit.Events, "What the rules about hosts found, by rule.", hosts => hosts.FindingsOf(rule))
        {
            Group = "findings",
            Metric = "flowmeter_hosts_findings_total",
            Label = ("rule", rule),
        };
}
