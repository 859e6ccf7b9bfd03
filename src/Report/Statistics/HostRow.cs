namespace FlowMeter.Report.Statistics;

/// <summary>A row of a table of hosts (docs/hosts.md).</summary>
/// <param name="Interval">The beginning of its ten minutes, as it stands there.</param>
/// <param name="Source">The host.</param>
/// <param name="Flows">Its flows.</param>
/// <param name="Peers">Different destinations.</param>
/// <param name="Ports">Different destination ports.</param>
/// <param name="FailedRatio">The share of flows that came to nothing.</param>
/// <param name="IsMalicious">Whether the verdict on it is malicious.</param>
/// <param name="Verdict">The verdict.</param>
/// <param name="Reasons">Why.</param>
public sealed record HostRow(
    string Interval, string Source, double Flows, double Peers, double Ports, double FailedRatio, bool IsMalicious, string Verdict,
    string Reasons);
