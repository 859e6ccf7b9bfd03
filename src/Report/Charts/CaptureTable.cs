using FlowMeter.Learning.Evaluation;
using FlowMeter.Report.Drawing;


namespace FlowMeter.Report.Charts;

/// <summary>A figure capture by capture, worst first, since a mean hides a capture on which the model fails.</summary>
internal static class CaptureTable
{
    private const int Shown = 15;
    private const int MaxNameLength = 36;

    /// <summary>Captures with malicious flows, by recall.</summary>
    public static Html Found(EvaluationResult result) => Draw(
        "Malicious flows found, capture by capture",
        "Recall",
        "malicious",
        [.. result.Captures.Where(capture => capture.Malicious > 0)
            .Select(capture => (capture.Capture, capture.Malicious, capture.Figures[FigureNames.IndexOf("recall")]))
            .OrderBy(row => row.Item3.Value)]);

    /// <summary>Captures with benign flows, by false positive rate.</summary>
    public static Html Inspected(EvaluationResult result) => Draw(
        "Benign flows sent on, capture by capture",
        "False positives",
        "benign",
        [.. result.Captures.Where(capture => capture.Malicious < capture.Flows).Select(capture => (
            capture.Capture, capture.Flows - capture.Malicious,
            FigureText.FalsePositiveRate(capture.Figures))).OrderByDescending(row => row.Item3.Value)]);

    private static Html Draw(string title, string measure, string css, (string Name, int Flows, Figure Figure)[] rows)
    {
        if (rows.Length == 0)
        {
            return Html.Empty;
        }

        Html Table(IEnumerable<(string Name, int Flows, Figure Figure)> some) => Html.Format($"""
            <table class="captures"><caption class="spoken">{title}</caption><thead><tr><th scope="col">Capture</th><th scope="col" class="n">Flows</th><th scope="col" class="n">{measure}</th><th scope="col" class="drawn">0 to 100 %, with 95 % interval</th></tr></thead><tbody>{some.Select(row => Html.Format($"""
                <tr><th scope="row" class="name"><span title="{row.Name}">{ShortName(row.Name)}</span></th>{DataTable.Cell(row.Flows, Readable.Count(row.Flows))}{DataTable.Cell(row.Figure.Value, Readable.Percent(row.Figure.Value))}<td class="drawn">{Bar.DrawInterval(row.Figure.Value, row.Figure.Low, row.Figure.High, css)}</td></tr>

                """))}</tbody></table>
            """);
        int rest = rows.Length - Shown;
        Html more = rest > 0
            ? Html.Format($"""<details class="numbers"><summary>{Readable.Count(rest, "further capture")}</"""
                + $"""summary>{Table(rows.Skip(Shown))}</details>""")
            : Html.Empty;
        return Html.Format($"""<section class="half"><h3>{title}</h3>{Table(rows.Take(Shown))}{more}</section>""");
    }

    /// <summary>
    /// The last part of a path, a long one without its middle, since captures differ at both ends. The tooltip has the whole path.
    /// </summary>
    private static string ShortName(string path)
    {
        string name = Readable.FileName(path);
        return name.Length <= MaxNameLength ? name : $"{name[..(MaxNameLength / 2)]}…{name[^(MaxNameLength / 2)..]}";
    }
}
