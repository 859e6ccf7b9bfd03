using FlowMeter.Learning.Evaluation;
using FlowMeter.Report.Drawing;


namespace FlowMeter.Report.Charts;

/// <summary>
/// All figures with their intervals, as bars and in numbers, with those of a second evaluation beside them if there is one.
/// </summary>
internal static class FigureTable
{
    public static Html Draw(EvaluationResult result, EvaluationResult? other)
    {
        IEnumerable<Html> rows = FigureText.All.Where(figure => FigureText.IsOfUse(figure.Name, result)).Where(
            figure => result[figure.Name].Value != null || other?[figure.Name].Value != null)
            .Select(text =>
            {
                Figure figure = result[text.Name];
                string css = text.Name.StartsWith("malicious", StringComparison.Ordinal) ? "malicious" : "benign";
                Html second = other == null
                    ? Html.Empty
                    : DataTable.Cell(other[text.Name].Value, FigureText.Value(other[text.Name].Value, text.IsPercent));
                return Html.Format($"""
                    <tr data-figure="{text.Name}"><th scope="row">{text.Title}<small>{text.Meaning}</small></th>{DataTable.Cell(figure.Value, FigureText.Value(figure.Value, text.IsPercent))}<td class="n quiet">{FigureText.Interval(figure, value => FigureText.Value(value, text.IsPercent))}</td><td class="drawn">{Bar.DrawInterval(figure.Value, figure.Low, figure.High, css)}</td>{second}</tr>

                    """);
            });
        Html last = other == null ? Html.Empty : Html.Format($"""<th scope="col" class="n">{other.Name}</th>""");
        return Html.Format($"""
            <table class="figures"><caption>{result.Name}: {Readable.Count(result.Flows, "flow")}, {Readable.Count(result.Malicious)} malicious. Protocol: {result.Protocol}. Intervals hold 95 % of {Readable.Count(result.Replicates)} draws of {result.Resampled} with replacement.</caption>
            <thead><tr><th scope="col">Figure</th><th scope="col" class="n">Value</th><th scope="col" class="n">95 % interval</th><th scope="col" class="drawn">0 to 1</th>{last}</tr></thead><tbody>{rows}</tbody></table>
            """);
    }
}
