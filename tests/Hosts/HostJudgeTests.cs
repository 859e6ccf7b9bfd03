using FlowMeter.Engine.Hosts;
using FlowMeter.Engine.HostVerdicts;

namespace FlowMeter.Tests.Hosts;

public sealed class HostJudgeTests
{
    private const byte Tcp = 6;
    private const long Minute = 60_000_000_000;

    /// <summary>The judge counts on; the table's rules look at all flows of the host anew.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void After_each_flow_it_says_what_the_rules_say(int seed)
    {
        Random random = new(seed);
        using HostJudge judge = new(isShared: false);
        Dictionary<ulong, Dictionary<TalkKey, Talk>> hosts = [];
        HashSet<(bool Before, bool After)> changes = [];
        Dictionary<ulong, bool> last = [];
        for (int i = 0; i < 6000; i++)
        {
            // A host fails much for a while, then little, so that findings come and go.
            bool isFailing = random.Next(1000) < (i / 700 % 2 == 0 ? 900 : 100);
            ulong source = (ulong)random.Next(3);
            ushort port = random.Next(4) == 0 ? (ushort)22 : (ushort)random.Next(1, 60);
            HostFlow flow = Flow(source, (ulong)random.Next(1, 5), port, isFailing, random.Next(1, 30));
            Dictionary<TalkKey, Talk> talks = hosts.TryGetValue(source, out Dictionary<TalkKey, Talk>? known) ? known : hosts[source] = [];
            Talk talk = talks.GetValueOrDefault(flow.Key);
            talk.Add(in flow);
            talks[flow.Key] = talk;
            bool expected = HostRules.Apply([.. talks.Select(pair => (pair.Key, pair.Value))], isTuned: false).Count > 0;
            Assert.Equal(expected, judge.Judge(in flow));
            changes.Add((last.GetValueOrDefault(source), expected));
            last[source] = expected;
        }

        Assert.Equal(4, changes.Count);
    }

    [Fact]
    public void What_a_host_did_holds_for_the_next_ten_minutes_and_no_longer()
    {
        using HostJudge judge = new(isShared: false);
        Scan(judge, 9 * Minute);
        Assert.True(judge.Judge(Answered(10 * Minute)));
        Assert.True(judge.Judge(Answered(19 * Minute)));
        Assert.False(judge.Judge(Answered(20 * Minute)));
        Scan(judge, 29 * Minute);
        Assert.False(judge.Judge(Answered(40 * Minute)));
    }

    [Fact]
    public void A_flow_that_comes_late_counts_for_the_present()
    {
        using HostJudge judge = new(isShared: false);
        Assert.False(judge.Judge(Answered(11 * Minute)));
        Scan(judge, 9 * Minute);
        Assert.True(judge.Judge(Answered(12 * Minute)));
        Assert.True(judge.Judge(Answered(21 * Minute)));
    }

    [Fact]
    public void One_time_in_the_far_future_does_not_stop_the_intervals()
    {
        using HostJudge judge = new(isShared: false);
        Assert.False(judge.Judge(Answered(1_000_000 * Minute)));
        Scan(judge, 9 * Minute);
        Assert.False(judge.Judge(Answered(30 * Minute)));
    }

    [Fact]
    public void Hosts_beyond_the_bound_are_forgotten_and_the_others_are_not()
    {
        using HostJudge judge = new(isShared: false, scale: 1 << 12);
        for (int i = 0; i < 1000; i++)
        {
            _ = judge.Judge(Flow((ulong)i, 1, 80, isFailed: true, packets: 1));
        }

        Scan(judge, Minute);
        Assert.True(judge.Judge(Answered(2 * Minute)));
    }

    private static void Scan(HostJudge judge, long time)
    {
        for (int port = 1; port <= HostThresholds.Targets; port++)
        {
            Assert.Equal(port >= HostThresholds.Targets, judge.Judge(Flow(7, 1, (ushort)port, isFailed: true, packets: 1, time)));
        }
    }

    private static HostFlow Answered(long time) => Flow(7, 99, 443, isFailed: false, packets: 40, time);

    private static HostFlow Flow(ulong source, ulong destination, ushort port, bool isFailed, long packets, long time = Minute) => new(
        new TalkKey(0, source, 0, destination, port, Tcp, 4), time, packets, !isFailed, false, HostThresholds.IsLogin(Tcp, port));
}
