using FlowMeter.Report.Drawing;
using FlowMeter.Report.Statistics;

namespace FlowMeter.Report.Charts;

/// <summary>What hosts did, and the verdicts on them.</summary>
internal static class HostRowsTable
{
    /// <summary>Draws the table.</summary>
    public static Html Draw(HostStatistics hosts)
    {
        string shown = hosts.Rows > hosts.Top.Count ? $" The first {Readable.Count(hosts.Top.Count)} of them:" : "";
        DataTable table = new(
            "Each source in each ten minutes: the malicious ones, then those of most flows", "Source", "From", "Verdict", "Why", "Flows",
            "Peers", "Ports", "Failed") { TextColumns = ["From", "Verdict", "Why"] };
        foreach (HostRow row in hosts.Top)
        {
            table.Add(
                DataTable.Head(row.Source), DataTable.Cell(row.Interval.Split('.')[0].Replace('T', ' ')), DataTable.Cell(row.Verdict),
                DataTable.Cell(row.Reasons), DataTable.Cell(row.Flows, Readable.Count(row.Flows)),
                DataTable.Cell(row.Peers, Readable.Count(row.Peers)), DataTable.Cell(row.Ports, Readable.Count(row.Ports)),
                DataTable.Cell(row.FailedRatio, Readable.Percent(row.FailedRatio)));
        }

        return Html.Format($"""
            <p>{Readable.Count(hosts.Rows, "row")} about hosts, {Readable.Count(hosts.Malicious)} of them malicious by the rules that the column Why names.{shown}</p><div class="scroll">{table.Shown()}</div>
            """);
    }
}
