using System.Globalization;
using FlowMeter.Engine.Hosts;

namespace FlowMeter.Engine.HostVerdicts;

/// <summary>
/// The rules that name what a host does, by its flows of one interval; docs/hosts.md explains them. They know no addresses, and no
/// difference between IPv4 and IPv6.
/// </summary>
internal static class HostRules
{
    /// <summary>The sum of log-odds that decides: 99 to 1.</summary>
    public static readonly double Decisive = Math.Log(99);

    /// <summary>Applies all rules to what a host did.</summary>
    /// <param name="talks">Its talks.</param>
    /// <param name="isTuned">Whether the model's scores mean something in this network.</param>
    /// <returns>What was found, the one of most flows first.</returns>
    public static IReadOnlyList<HostFinding> Apply(IReadOnlyList<(TalkKey Key, Talk Talk)> talks, bool isTuned)
    {
        IEnumerable<HostFinding> scans = talks.GroupBy(talk => talk.Key.Destination).Where(IsInVain).Select(
            group => new HostFinding("port_scan", group.Key.ToString(), group.Sum(talk => talk.Talk.Failed)));
        IEnumerable<HostFinding> sweeps = talks.GroupBy(talk => talk.Key.Service).Where(IsInVain).Select(
            group => new HostFinding("sweep", NameOf(group.Key), group.Sum(talk => talk.Talk.Failed)));
        IEnumerable<HostFinding> guesses = talks.Where(talk => HostThresholds.IsGuessing(in talk.Talk)).Select(
            talk => new HostFinding("brute_force", $"{talk.Key.Destination} {NameOf(talk.Key.Service)}", talk.Talk.Answered));
        IEnumerable<HostFinding> scores = isTuned && LogOdds(talks) >= Decisive
            ? [new HostFinding("score", "", talks.Sum(talk => talk.Talk.Malicious))]
            : [];
        return
        [
            .. scans.Concat(sweeps).Concat(guesses).Concat(scores).OrderByDescending(finding => finding.Flows)
                .ThenBy(finding => finding.ToString(), StringComparer.Ordinal),
        ];
    }

    /// <summary>
    /// The log-odds that a host is malicious by the scores of its flows. Flows to the same service of the same host are alike, so they
    /// count as one, of their mean; those of different talks add up.
    /// </summary>
    public static double LogOdds(IEnumerable<(TalkKey Key, Talk Talk)> talks) =>
        talks.Where(talk => talk.Talk.Judged > 0).Sum(talk => talk.Talk.LogOdds / talk.Talk.Judged);

    private static bool IsInVain(IEnumerable<(TalkKey Key, Talk Talk)> group)
    {
        int targets = 0;
        long flows = 0;
        long failed = 0;
        foreach ((_, Talk talk) in group)
        {
            targets += talk.Failed > 0 ? 1 : 0;
            flows += talk.Flows;
            failed += talk.Failed;
        }

        return HostThresholds.IsInVain(targets, flows, failed);
    }

    private static string NameOf((ushort Port, byte Protocol) service) =>
        string.Create(CultureInfo.InvariantCulture, $"{service.Protocol switch
        {
            1 => "icmp",
            6 => $"tcp/{service.Port}",
            17 => $"udp/{service.Port}",
            58 => "icmpv6",
            _ => $"protocol {service.Protocol}",
        }}");
}
