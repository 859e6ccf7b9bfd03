using System.Globalization;
using FlowMeter.Engine.Scoring;
using FlowMeter.Engine.Watch;
using FlowMeter.Report.Drawing;

namespace FlowMeter.Cli.Watch;

/// <summary>What a person sees of a run, as text: the same in the browser and in the terminal.</summary>
internal static class WatchTables
{
    private static readonly WatchColumn[] s_talkers =
    [
        new("host"), new("bytes", IsNumber: true), new("packets", IsNumber: true), new("flows", IsNumber: true),
        new("malicious", IsNumber: true),
    ];

    private static readonly WatchColumn[] s_hosts =
    [
        new("host"), new("verdict"), new("reasons"), new("flows", IsNumber: true), new("peers", IsNumber: true),
        new("ports", IsNumber: true), new("failed", IsNumber: true), new("malicious", IsNumber: true),
    ];

    private static readonly WatchColumn[] s_flows =
    [
        new("ended (UTC)", Sort: "time"), new("verdict"), new("score", IsNumber: true, "score"), new("source", Sort: "source"),
        new("destination", Sort: "destination"), new("protocol"), new("packets", IsNumber: true, "packets"),
        new("bytes", IsNumber: true, "bytes"), new("duration", IsNumber: true, "duration"),
    ];

    private static readonly WatchColumn[] s_names = [new("application"), new("server name")];

    /// <summary>How a run is, in numbers.</summary>
    public static IReadOnlyList<WatchFigure> Figures(RunWatch run)
    {
        (RunSample before, RunSample now) = run.Series.Newest;
        double seconds = Math.Max((now.Time - before.Time) / 1000.0, 0.001);
        double Rate(Func<RunSample, long> read) => run.IsOver ? 0 : Math.Max(read(now) - read(before), 0) / seconds;
        List<WatchFigure> figures =
        [
            new("packets", $"{Readable.Short(Rate(sample => sample.Packets))}/s", $"{Readable.Count(now.Packets)} in all"),
            new("traffic", BitRate(8 * Rate(sample => sample.Bytes)), $"{Readable.Bytes(now.Bytes)} in all"),
            .. !run.IsCapture ? Array.Empty<WatchFigure>() : [new(
                "dropped", $"{Readable.Short(Rate(sample => sample.Dropped))}/s", $"{Readable.Count(now.Dropped)} packets in all",
                now.Dropped > 0)],
            new("flows ended", $"{Readable.Short(Rate(sample => sample.Flows))}/s", $"{Readable.Count(now.Flows)} in all"),
            .. !run.IsCapture ? Array.Empty<WatchFigure>() : [new("flows live", Readable.Short(now.Live))],
        ];
        if (run.Flows.HasVerdicts)
        {
            long judged = now.Benign + now.Malicious + now.Undecided;
            figures.Add(new(
                "malicious", Readable.Percent(judged == 0 ? null : (double)now.Malicious / judged),
                $"{Readable.Count(now.Malicious, "flow")}; {Readable.Count(now.Undecided)} undecided"));
        }

        if (now.NotWritten > 0)
        {
            figures.Add(new("not written", Readable.Short(now.NotWritten), "flows: the output is too slow or fails", IsBad: true));
        }

        figures.Add(new("memory", Readable.Bytes(now.Memory)));
        return figures;
    }

    /// <summary>Who moved the most bytes.</summary>
    public static WatchTable Talkers(FlowWatch flows, int max) => new(
        "talkers", "Hosts that moved the most in flows that ended in the last five to ten minutes", s_talkers,
        [
            .. flows.Talkers(max).Select(talker => new WatchRow(
                [
                    talker.Address, Readable.Bytes(talker.Bytes), Readable.Short(talker.Packets), Readable.Short(talker.Flows),
                    Readable.Short(talker.Malicious),
                ])),
        ]);

    /// <summary>What sources do.</summary>
    public static WatchTable Hosts(FlowWatch flows, int max) => new(
        "hosts", "Sources of flows in the last ten to twenty minutes, by the rules about hosts", s_hosts,
        [
            .. flows.Hosts(max).Select(host => new WatchRow(
                [
                    host.Source, host.Verdict, host.Reasons, Readable.Short(host.Flows), Readable.Short(host.Peers),
                    Readable.Short(host.Ports), Readable.Short(host.Failed), Readable.Short(host.Malicious),
                ],
                host.Verdict)),
        ]);

    /// <summary>Suspicious flows.</summary>
    public static WatchTable Flows(FlowWatch flows, IEnumerable<WatchedFlow> found) => new(
        "flows", "Newest suspicious flows", [.. s_flows, .. flows.HasNames ? s_names : []],
        [.. found.Select(flow => RowOf(flow, flows.HasNames))]);

    private static WatchRow RowOf(WatchedFlow flow, bool hasNames) => new(
        [
            Clock(flow.Last), VerdictText.Name(flow.Verdict), flow.Score.ToString("0.000", CultureInfo.InvariantCulture),
            End(flow[FlowTextField.Source], flow[FlowTextField.SourcePort], flow[FlowTextField.SourceName]),
            End(flow[FlowTextField.Destination], flow[FlowTextField.DestinationPort], flow[FlowTextField.DestinationName]),
            flow[FlowTextField.Protocol], Readable.Short(flow.Packets), Readable.Bytes(flow.Bytes),
            Readable.Time((flow.Last - flow.First) / 1e9),
            .. hasNames ? [flow[FlowTextField.Application], flow[FlowTextField.ServerName]] : Array.Empty<string>(),
        ],
        VerdictText.Name(flow.Verdict), flow.Number);

    private static string End(string address, string port, string name)
    {
        string host = address.Contains(':', StringComparison.Ordinal) && port != "0" ? $"[{address}]" : address;
        return $"{host}{(port is "0" or "" ? "" : ":" + port)}{(name.Length == 0 ? "" : $" ({name})")}";
    }

    private static string BitRate(double bits) =>
        bits < 10_000 ? $"{Readable.Count(bits)}\u00A0bit/s" : $"{Readable.Short(bits)}bit/s";

    private static string Clock(long nanoseconds) =>
        DateTime.UnixEpoch.AddTicks(nanoseconds / 100).ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture);
}
