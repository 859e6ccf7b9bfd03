using System.Text;
using FlowMeter.Engine.Flow;
using FlowMeter.Report.Charts;
using FlowMeter.Report.Drawing;
using FlowMeter.Report.Statistics;

namespace FlowMeter.Report.Pages;

/// <summary>
/// The report of a flow table as one HTML page without script: totals, verdicts and volumes over time, top talkers, protocols and services,
/// end reasons, and distributions of features.
/// </summary>
public static class TableReport
{
    private static readonly Dictionary<string, string> s_endReasons = new()
    {
        [EndReasonText.Name(FlowEndReason.IdleTimeout)] = "idle: no packet for the idle timeout",
        [EndReasonText.Name(FlowEndReason.ActiveTimeout)] = "active: longer than the active timeout",
        [EndReasonText.Name(FlowEndReason.EndOfFlowDetected)] = "end: closed by FIN or RST",
        [EndReasonText.Name(FlowEndReason.ForcedEnd)] = "forced: the input ended",
        [EndReasonText.Name(FlowEndReason.LackOfResources)] = "resources: the flow table was full",
    };

    /// <summary>Makes the page, as UTF-8. The same statistics give the same bytes.</summary>
    /// <param name="table">The statistics of the table.</param>
    /// <param name="program">Name and version of the program, for the footer.</param>
    /// <param name="hosts">What hosts did; null: nobody asks.</param>
    public static byte[] Make(TableStatistics table, string program, HostStatistics? hosts = null)
    {
        Html talkers = Talkers(table);
        Html traffic = Html.Join([
            BarTable.Draw("Protocols", "Protocol", "Flows", table.Protocols, table.Flows, ProtocolNames.Protocol, Readable.Count),
            BarTable.Draw("Services", "Destination port", "Flows", table.Services, table.Flows, ProtocolNames.Service, Readable.Count),
            BarTable.Draw(
                "Why flows ended",
                "Reason",
                "Flows",
                table.EndReasons,
                table.Flows,
                reason => s_endReasons.GetValueOrDefault(reason, reason),
                Readable.Count),
        ]);
        Html pairs = Pairs(table);
        Html ofHosts = hosts is { Rows: > 0 } ? OfHosts(hosts) : Html.Empty;
        Html[] sections = table.Flows == 0 ? [ofHosts] :
        [
            !table.HasVerdicts ? Html.Empty : ReportPage.Section("verdicts", "Verdicts", Html.Format($"""<div class="charts """
                + $"""full">{VerdictChart.Draw(table)}</div>""")),
            !table.HasLabels ? Html.Empty : ReportPage.Section("labels", "Labels", Labels(table)),
            table.ToLookAt.Worst is not { Count: > 0 } worst ? Html.Empty : ReportPage.Section("look", "Flows to look at", Html.Format($"""
                <p>A filter finds the packets of a flow: <code>flowmeter read FILE --filter "…"</code>, tcpdump and Wireshark's capture filter take it.</p>{LookAtTable.Draw(worst, ProtocolNames.Service)}{Undecided(table)}
                """)),
            ofHosts,
            !table.HighestScores.IsThere ? Html.Empty : ReportPage.Section("explained", "The highest scores", Html.Format($"""
                <p>What each feature added to the log-odds, less what it adds on average. A flow's neighbours are the rows before and behind it, which ended just before and after it.</p>{ExplainedTable.Draw(table.HighestScores)}
                """)),
            table.Timeline.IsEmpty ? Html.Empty : ReportPage.Section("time", "Over time", Html.Format($"""<div class="charts """
                + $"""full">{TimelineChart.Draw(table)}</div>""")),
            talkers.IsEmpty ? Html.Empty : ReportPage.Section("talkers", "Top talkers", Html.Format($"""<p>Addresses at either end of a """
                + $"""flow.</p><div class="{(table.HasVerdicts ? "halves" : "thirds")}">{talkers}</div>""")),
            pairs.IsEmpty ? Html.Empty : ReportPage.Section("pairs", "Pairs and fan-out", Html.Format($"""<p>Who talks to whom, and to """
                + $"""how many: a source of many peers or ports may be a scan.</p><div class="thirds">{pairs}</div>""")),
            traffic.IsEmpty ? Html.Empty : ReportPage.Section("traffic", "What kind of traffic", Html.Format(
                $"""<div class="thirds">{traffic}</div>""")),
            table.Features.Count == 0 ? Html.Empty : ReportPage.Section("profiles", "Feature profiles", Html.Format($"""
                <p>Densities on logarithmic axes, each as high as its row. The column on the left has the share of values that are 0.</p><div class="halves">{ProfileChart.Draw(table)}</div>
                """)),
        ];
        return Encoding.UTF8.GetBytes(
            ReportPage.Create($"{Readable.FileName(table.Name)}: flow report", Header(table), sections, program).ToString());
    }

    /// <summary>Makes the page of a table of hosts alone.</summary>
    /// <param name="hosts">What hosts did.</param>
    /// <param name="program">Name and version of the program, for the footer.</param>
    public static byte[] Make(HostStatistics hosts, string program)
    {
        Html header = Html.Format($"""<p class="kicker">Host report</p><h1>{Readable.FileName(hosts.Name)}</h1>""");
        Html section = hosts.Rows > 0 ? OfHosts(hosts) : Html.Format($"""<p class="lead">The table has no rows.</p>""");
        return Encoding.UTF8.GetBytes(
            ReportPage.Create($"{Readable.FileName(hosts.Name)}: host report", header, [section], program).ToString());
    }

    private static Html OfHosts(HostStatistics hosts) => ReportPage.Section("hosts", "Hosts", HostRowsTable.Draw(hosts));

    private static Html Talkers(TableStatistics table) => Html.Join([
        !table.HasVerdicts ? Html.Empty : BarTable.Draw(
            "By malicious flows", "Address", "Malicious", table.TalkersByMalicious, 0, name => name, Readable.Count, "malicious"),
        BarTable.Draw("By bytes", "Address", "Bytes", table.TalkersByBytes, table.Bytes, name => name, Readable.Bytes),
        BarTable.Draw("By packets", "Address", "Packets", table.TalkersByPackets, table.Packets, name => name, Readable.Short),
        BarTable.Draw("By flows", "Address", "Flows", table.TalkersByFlows, table.Flows, name => name, Readable.Count),
    ]);

    private static Html Pairs(TableStatistics table)
    {
        string note = table.FanOut.IsCut ? "Too many sources to keep all: some may have had more." : "";
        return Html.Join([
            !table.HasVerdicts ? Html.Empty : BarTable.Draw(
                "Pairs by malicious flows", "Pair", "Malicious", table.PairsByMalicious, 0, name => name, Readable.Count, "malicious"),
            BarTable.Draw("Pairs by bytes", "Pair", "Bytes", table.PairsByBytes, table.Bytes, name => name, Readable.Bytes),
            BarTable.Draw("Pairs by flows", "Pair", "Flows", table.PairsByFlows, table.Flows, name => name, Readable.Count),
            BarTable.Draw(
                "Different peers of a source", "Source", "Peers", table.FanOut.ByPeers(BarTable.Rows), 0, name => name, Readable.Count,
                note),
            BarTable.Draw(
                "Different ports that a source tried", "Source", "Ports", table.FanOut.ByPorts(BarTable.Rows), 0, name => name,
                Readable.Count, note),
        ]);
    }

    /// <summary>Why flows are undecided; empty where none is, or packets are not known.</summary>
    private static Html Undecided(TableStatistics table)
    {
        if (table.OfVerdict[1, 0] == 0 || table.Roles.Packets.Length == 0 || double.IsPositiveInfinity(table.Undecided.LeastJudged))
        {
            return Html.Empty;
        }

        DataTable reasons = new("Why flows are undecided", "Reason", "Flows");
        foreach ((string reason, long flows) in new[]
                 {
                     ($"fewer packets than the {Readable.Count(table.Undecided.LeastJudged)} of the shortest flow that was judged",
                         table.Undecided.TooShort),
                     ("as many packets, and a score between the two thresholds", table.Undecided.Between),
                 })
        {
            reasons.Add(DataTable.Head(reason), DataTable.Cell(flows, Readable.Count(flows)));
        }

        return reasons.Shown();
    }

    /// <summary>What labels tell before there is a model, and beside one.</summary>
    private static Html Labels(TableStatistics table)
    {
        long benign = Enumerable.Range(0, 3).Sum(verdict => table.OfLabel[0, verdict]);
        long malicious = Enumerable.Range(0, 3).Sum(verdict => table.OfLabel[1, verdict]);
        string without = table.WithoutLabel > 0 ? $", and {Readable.Count(table.WithoutLabel)} without a label" : "";
        return Html.Format($"""
            <p>{Readable.Count(benign, "flow")} labelled benign, {Readable.Count(malicious)} malicious{without}. Any label but benign counts as malicious.</p><div class="charts">{(table.HasVerdicts ? MatrixChart.Draw(table.OfLabel) : Html.Empty)}{ClassChart.Draw(table)}</div>
            """);
    }

    private static Html Header(TableStatistics table)
    {
        string span = table.First is long first && table.Last is long last
            ? first == last ? $", all from {Readable.Moment(first)} UTC" : $", from {Readable.Moment(first)} to "
                + $"{(Readable.Moment(first)[..^8] == Readable.Moment(last)[..^8] ? Readable.Moment(last)[^8..] : Readable.Moment(last))} "
                + $"UTC ({Readable.Time((last - first) / 1e9)})"
            : "";
        string volume = table.Roles.Packets.Length > 0 && table.Roles.Bytes.Length > 0
            ? $" of {Readable.Count(table.Packets, "packet")} and {Readable.Bytes(table.Bytes)}"
            : "";
        string lead = table.Flows == 0 ? "The table has no rows." : $"{Readable.Count(table.Flows, "flow")}{volume}{span}.";
        double malicious = table.OfVerdict[2, 0];
        string spared = table.Bytes > 0
            ? $"{Readable.Percent(table.OfVerdict[0, 2] / table.Bytes)} of all bytes need"
            : $"{Readable.Percent(table.OfVerdict[0, 0] / table.Flows)} of all flows need";
        string byHost = table.MaliciousByHost > 0
            ? $" ({Readable.Count(table.MaliciousByHost)} of these by what their source did, not by a score)"
            : "";
        string judged = $" {Readable.Count(malicious)} of them, {Readable.Percent(malicious / table.Flows)}, are judged malicious{byHost}; "
            + $"{spared} no deeper look.";
        string verdicts = table.HasVerdicts && table.Flows > 0 ? judged : "";
        string without = table.WithoutTime > 0 && !table.Timeline.IsEmpty
            ? $" {Readable.Count(table.WithoutTime, "row")} without a time that can be read are not in the charts of time."
            : "";
        string profile = table.Profile is { } name
            ? $"Columns of profile {name}."
            : "A table of no profile of ours: columns are known by their names.";
        return Html.Format($"""
            <p class="kicker">Flow report</p><h1>{Readable.FileName(table.Name)}</h1><p class="lead">{lead}{verdicts}</p><p class="facts-line">{profile}{without}</p>
            <div class="tiles">{Tile("flows", table.Flows, Readable.Short(table.Flows))}{(table.Packets > 0 ? Tile("packets", table.Packets, Readable.Short(table.Packets)) : Html.Empty)}{(table.Bytes > 0 ? Tile("bytes", table.Bytes, Readable.Bytes(table.Bytes)) : Html.Empty)}{Addresses(table)}{Verdict(table)}</div>
            """);
    }

    private static Html Addresses(TableStatistics table) => table.TalkersByFlows.Keys == 0 ? Html.Empty
        : table.TalkersByFlows.Error > 0 ? Html.Format($"""<div class="tile"><span class="tile-name">addresses</span>"""
            + $"""<strong>&gt; {Readable.Short(HeavyHitters.MaxKeys)}</strong></div>""")
        : Tile("addresses", table.TalkersByFlows.Keys, Readable.Short(table.TalkersByFlows.Keys));

    private static Html Verdict(TableStatistics table) => !table.HasVerdicts || table.Flows == 0 ? Html.Empty
        : Tile("flows judged malicious", table.OfVerdict[2, 0] / table.Flows, Readable.Percent(table.OfVerdict[2, 0] / table.Flows));

    private static Html Tile(string name, double value, string shown) => Html.Format($"""
        <div class="tile"><span class="tile-name">{name}</span><strong>{DataTable.Exact(value, shown)}</strong></div>

        """);
}
