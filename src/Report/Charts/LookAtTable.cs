using FlowMeter.Learning.Data;
using FlowMeter.Report.Drawing;
using FlowMeter.Report.Statistics;
using static FlowMeter.Report.Statistics.FlowsToLookAt;

namespace FlowMeter.Report.Charts;

/// <summary>The flows to look at, why, and what finds them in a capture or another tool.</summary>
internal static class LookAtTable
{
    /// <summary>Draws the table.</summary>
    /// <param name="flows">The flows, worst first.</param>
    /// <param name="service">The name of a service by protocol and port with a blank between.</param>
    public static Html Draw(IReadOnlyList<SuspectFlow> flows, Func<string, string> service)
    {
        DataTable table = new(
            "The worst first: malicious before undecided, then by score", "Row", "Start", "From", "To", "Service", "Score", "Verdict",
            "Why", "Community ID", "Filter")
        {
            TextColumns = ["Start", "From", "To", "Service", "Verdict", "Why", "Community ID", "Filter"],
        };
        foreach (SuspectFlow flow in flows)
        {
            FlowIdentity? identity = FlowIdentity.Parse(
                flow[Field.Source], flow[Field.SourcePort], flow[Field.Destination], flow[Field.Port], flow[Field.Protocol]);
            double? score = NumberText.TryParse(System.Text.Encoding.UTF8.GetBytes(flow[Field.Score]), out double value) ? value : null;
            string to = flow[Field.ServerName] is { Length: > 0 } name ? $"{flow[Field.Destination]} ({name})" : flow[Field.Destination];
            table.Add(
                DataTable.Head(Readable.Count(flow.Row)), DataTable.Cell(flow[Field.Time]), DataTable.Cell(flow[Field.Source]),
                DataTable.Cell(to), DataTable.Cell(service($"{flow[Field.Protocol]} {flow[Field.Port]}")),
                DataTable.Cell(score, score is { } known ? Readable.Digits(known, 4) : ""), DataTable.Cell(flow[Field.Verdict]),
                DataTable.Cell(Why(flow)),
                DataTable.Cell(flow[Field.CommunityId] is { Length: > 0 } id ? id : identity?.CommunityId() ?? ""),
                Html.Format($"<td><code>{identity?.Filter() ?? ""}</code></td>"));
        }

        return Html.Format($"""<div class="scroll">{table.Shown()}</div>""");
    }

    private static string Why(SuspectFlow flow)
    {
        string host = flow[Field.VerdictBy] == "host" ? "its source scans, sweeps or guesses passwords" : "";
        string state = flow[Field.State] switch
        {
            "S0" => "nobody answered",
            "REJ" => "refused",
            _ => "",
        };
        return string.Join("; ", new[] { host, flow[Field.Explanation], state }.Where(text => text.Length > 0));
    }
}
