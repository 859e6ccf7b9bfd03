using FlowMeter.Cli.Watch;
using FlowMeter.Tests.Support;
using FlowMeter.Tests.Watch;
using static FlowMeter.Tests.Support.PacketBuilder;

namespace FlowMeter.Tests.Cli.Watch;

/// <summary>What a person sees of a run, in the browser and in the terminal.</summary>
public sealed class WatchTablesTests
{
    // Two seconds lie between the samples.
    private static readonly RunSample s_before = new(
        Time: 1000, Packets: 100, Bytes: 10_000, Dropped: 6, Flows: 10, Live: 4, NotWritten: 0, Benign: 1, Malicious: 1, Undecided: 0,
        Memory: 1_000_000);

    private static readonly RunSample s_now = new(
        Time: 3000, Packets: 700, Bytes: 15_000, Dropped: 10, Flows: 30, Live: 5, NotWritten: 0, Benign: 6, Malicious: 3, Undecided: 3,
        Memory: 2_000_000);

    [Fact]
    public void Rates_are_of_a_second_and_shares_of_all_judged_flows()
    {
        using RunWatch run = Watched(s_before, () => []);
        run.Series.Add(s_now);
        Assert.Equal(
            [
                "packets 300/s (700 in all)", "traffic 20 kbit/s (15 kB in all)", "dropped 2/s (10 packets in all)!",
                "flows ended 10/s (30 in all)", "flows live 5 ()", "malicious 25.0 % (3 flows; 3 undecided)", "memory 2 MB ()",
            ],
            Figures(run));
    }

    [Fact]
    public void A_run_that_loses_nothing_has_no_bad_figure_and_one_that_can_not_write_has()
    {
        using RunWatch run = Watched(s_before with { Dropped = 0 }, () => []);
        Assert.Equal("dropped 0/s (0 packets in all)", Figures(run)[2]);
        Assert.DoesNotContain(Figures(run), figure => figure.EndsWith('!'));
        run.Series.Add(s_now with { NotWritten = 7, Dropped = 0 });
        Assert.Equal(
            "not written 7 (flows: the output is too slow or fails)!", Assert.Single(Figures(run), figure => figure.EndsWith('!')));
    }

    [Fact]
    public void A_file_drops_nothing_and_has_no_rates_when_it_is_over()
    {
        using RunWatch run = Watched(s_now, problems: null);
        run.Series.Add(s_now with { Time = 4000, Packets = 900 });
        Assert.Equal("packets 200/s (900 in all)", Figures(run)[0]);
        Assert.DoesNotContain(Figures(run), figure => figure.StartsWith("dropped", StringComparison.Ordinal)
            || figure.StartsWith("flows live", StringComparison.Ordinal));
        run.Finish();
        Assert.StartsWith("packets 0/s ", Figures(run)[0], StringComparison.Ordinal);
    }

    [Fact]
    public void A_flow_has_its_end_its_ends_and_how_long_it_took()
    {
        const long Start = 1_700_000_000_000_000_000;
        using RunWatch run = new(
            "reading a file",
            WatchedRuns.Run(
            [
                Frame.Whole(LinkRaw, Start, IPv6("2001:db8::1", "2001:db8::2", UdpProtocol, Udp(5000, 53, Payload(4)))),
                Frame.Whole(LinkRaw, Start + 1_500_000_000, IPv6("2001:db8::2", "2001:db8::1", UdpProtocol, Udp(53, 5000, Payload(4)))),
            ]),
            () => s_now);
        IReadOnlyList<string> cells = Assert.Single(WatchTables.Flows(run.Flows, run.Flows.Find(new()).Flows).Rows).Cells;
        Assert.Equal(
            ["2023-11-14 22:13:21", "malicious", "[2001:db8::1]:5000", "[2001:db8::2]:53", "udp", "2", "104 B", "1.5 s"],
            cells.Where((_, column) => column != 2).Select(Plain));
    }

    private static RunWatch Watched(RunSample first, Func<IReadOnlyList<string>>? problems) =>
        new("capturing eth0", WatchedRuns.Run([]), () => first, problems, new SecondsByHand());

    private static string[] Figures(RunWatch run) =>
    [
        .. WatchTables.Figures(run).Select(figure => Plain($"{figure.Name} {figure.Value} ({figure.Detail}){(figure.IsBad ? "!" : "")}")),
    ];

    private static string Plain(string text) => text.Replace('\u00A0', ' ');
}
