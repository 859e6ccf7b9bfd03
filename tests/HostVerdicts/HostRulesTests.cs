using FlowMeter.Engine.Hosts;
using FlowMeter.Engine.HostVerdicts;

namespace FlowMeter.Tests.HostVerdicts;

public sealed class HostRulesTests
{
    private const byte Tcp = 6;

    [Theory]
    [InlineData(19, 0)]
    [InlineData(20, 1)]
    public void Twenty_ports_of_a_host_in_vain_are_a_scan(int ports, int found)
    {
        IReadOnlyList<HostFinding> findings = Apply([.. Enumerable.Range(1, ports).Select(port => Talk(1, (ushort)port, failed: 1))]);
        Assert.Equal(found, findings.Count);
        Assert.All(findings, finding => Assert.Equal(("port_scan", (long)ports), (finding.Kind, finding.Flows)));
    }

    [Theory]
    [InlineData(19, 0)]
    [InlineData(20, 1)]
    public void Twenty_hosts_with_one_port_in_vain_are_a_sweep(int hosts, int found)
    {
        IReadOnlyList<HostFinding> findings = Apply([.. Enumerable.Range(1, hosts).Select(host => Talk((ulong)host, 445, failed: 2))]);
        Assert.Equal(found, findings.Count);
        Assert.All(findings, finding => Assert.Equal(("sweep", "tcp/445", 2L * hosts), (finding.Kind, finding.Target, finding.Flows)));
    }

    [Theory]
    [InlineData(6, 1)]
    [InlineData(7, 0)]
    public void Work_beside_the_failures_is_no_scan(int answered, int found)
    {
        (TalkKey, Talk)[] ports = [.. Enumerable.Range(1, 20).Select(port => Talk(1, (ushort)port, failed: 1))];
        Assert.Equal(found, Apply([.. ports, Talk(1, 8080, answered: answered)]).Count);
    }

    [Theory]
    [InlineData(22, 10, 1)]
    [InlineData(22, 9, 0)]
    [InlineData(443, 50, 0)]
    public void Ten_sessions_alike_with_a_login_service_are_guesses(int port, int sessions, int found)
    {
        IReadOnlyList<HostFinding> findings = Apply([Talk(1, (ushort)port, answered: sessions)]);
        Assert.Equal(found, findings.Count);
        Assert.All(findings, finding => Assert.Equal(("brute_force", (long)sessions), (finding.Kind, finding.Flows)));
    }

    [Fact]
    public void Sessions_of_different_length_are_no_guesses()
    {
        (TalkKey key, Talk talk) = Talk(1, 22, answered: 8);
        talk.Add(Flow(1, 22, packets: 500, isAnswered: true));
        talk.Add(Flow(1, 22, packets: 900, isAnswered: true));
        Assert.Empty(Apply([(key, talk)]));
    }

    [Theory]
    [InlineData(true, 1)]
    [InlineData(false, 0)]
    public void Scores_decide_only_by_a_model_of_this_network(bool isTuned, int found)
    {
        (TalkKey, Talk)[] talks = [Talk(1, 80, answered: 1, logOdds: 2.4), Talk(2, 80, answered: 1, logOdds: 2.4)];
        Assert.Equal(found, HostRules.Apply(talks, isTuned).Count);
    }

    [Fact]
    public void Flows_to_one_service_of_one_host_count_as_one()
    {
        Assert.Equal(3, HostRules.LogOdds([Talk(1, 80, answered: 100, logOdds: 3)]), 1e-12);
        Assert.Equal(6, HostRules.LogOdds([Talk(1, 80, answered: 100, logOdds: 3), Talk(2, 80, answered: 1, logOdds: 3)]), 1e-12);
    }

    [Theory]
    [InlineData(false, false, 1, true)]
    [InlineData(false, false, 100, true)]
    [InlineData(true, false, 2, false)]
    [InlineData(true, true, 5, true)]
    [InlineData(true, true, 6, false)]
    public void A_flow_fails_without_an_answer_or_by_an_early_reset(bool isAnswered, bool isReset, long packets, bool isFailed) =>
        Assert.Equal(isFailed, new HostFlow(KeyOf(1, 1), 0, packets, isAnswered, isReset, false).IsFailed);

    private static IReadOnlyList<HostFinding> Apply((TalkKey, Talk)[] talks) => HostRules.Apply(talks, isTuned: false);

    private static TalkKey KeyOf(ulong destination, ushort port) => new(0, 7, 0, destination, port, Tcp, 4);

    private static HostFlow Flow(ulong destination, ushort port, long packets, bool isAnswered, double? logOdds = null) =>
        new(KeyOf(destination, port), 0, packets, isAnswered, false, HostThresholds.IsLogin(Tcp, port), logOdds);

    private static (TalkKey Key, Talk Talk) Talk(ulong destination, ushort port, int failed = 0, int answered = 0, double? logOdds = null)
    {
        Talk talk = default;
        for (int i = 0; i < failed; i++)
        {
            talk.Add(Flow(destination, port, packets: 2, isAnswered: false));
        }

        for (int i = 0; i < answered; i++)
        {
            talk.Add(Flow(destination, port, packets: 20 + (i % 5), isAnswered: true, logOdds));
        }

        return (KeyOf(destination, port), talk);
    }
}
