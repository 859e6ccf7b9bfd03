using FlowMeter.Report.Drawing;
using FlowMeter.Report.Statistics;

namespace FlowMeter.Report.Charts;

/// <summary>The flows with the highest scores, why, and their neighbours in the table.</summary>
internal static class ExplainedTable
{
    /// <summary>Draws a table for each flow.</summary>
    public static Html Draw(HighestScores scores) => Html.Format($"{scores.Top.Select(top => Draw(top.Flow, top.Around))}");

    private static Html Draw(ExplainedFlow flow, IReadOnlyList<ExplainedFlow> around)
    {
        DataTable table = new(
            $"Score {Readable.Digits(flow.Score, 4)}: row {Readable.Count(flow.Row)} and its neighbours", "Row", "Start", "From", "To",
            "Score", "Verdict", "What pushed the score")
        {
            TextColumns = ["Start", "From", "To", "Verdict", "What pushed the score"],
        };
        foreach (ExplainedFlow each in around)
        {
            table.Add(
                each == flow ? DataTable.Head($"{Readable.Count(each.Row)} ←") : DataTable.Head(Readable.Count(each.Row)),
                DataTable.Cell(each.Time), DataTable.Cell(each.Source), DataTable.Cell(each.Destination),
                DataTable.Cell(each.Score, Readable.Digits(each.Score, 4)), DataTable.Cell(each.Verdict), DataTable.Cell(each.Explanation));
        }

        return Html.Format($"""<div class="scroll">{table.Shown()}</div>""");
    }
}
