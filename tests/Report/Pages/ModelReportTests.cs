using System.Text.RegularExpressions;
using FlowMeter.Engine.Scoring;
using FlowMeter.Learning.Data;
using FlowMeter.Learning.Evaluation;
using FlowMeter.Report.Charts;
using FlowMeter.Report.Drawing;
using FlowMeter.Report.Pages;
using FlowMeter.Report.Statistics;

namespace FlowMeter.Tests.Report.Pages;

public sealed class ModelReportTests
{
    private static readonly Lazy<ModelReportContent> s_content = new(() => ModelPages.Trained());
    private static readonly Lazy<string> s_page = new(() => ModelPages.Page(s_content.Value));

    private static EvaluationResult Result => s_content.Value.Evaluation;

    [Fact]
    public void A_page_is_whole_and_needs_nothing_else() => ReportText.AssertSelfContained(s_page.Value);

    [Fact]
    public void Curves_are_those_of_the_evaluation_in_numbers_and_drawn()
    {
        string roc = ReportText.Chart(s_page.Value, "ROC curve");
        Assert.Equal(
            Result.Curve.SelectMany(point => new[] { point.Threshold, point.FalsePositiveRate, point.Recall, point.Precision }),
            ReportText.Numbers(roc));
        (Axis x, Axis y) = RocChart.Axes();
        AssertDrawn(
            Result.Curve.Select(point => (point.FalsePositiveRate, point.Recall)).Prepend((0, 0)), ReportText.Path(roc, "curve"), x, y);
        (x, y) = PrecisionRecallChart.Axes();
        AssertDrawn(
            Result.Curve.Select(point => (point.Recall, point.Precision)),
            ReportText.Path(ReportText.Chart(s_page.Value, "Precision and recall"), "curve"), x, y);
        (x, y) = RocChart.LogAxes(Result.Flows - Result.Malicious);
        (double X, double Y)[] steps = ReportText.Path(ReportText.Chart(s_page.Value, "Few false positives"), "curve");
        AssertDrawn(
            Result.Curve.Select(point => (Math.Max(point.FalsePositiveRate, x.Scale.Low), point.Recall)).Prepend((x.Scale.Low, 0)), steps,
            x, y);
    }

    [Fact]
    public void Calibration_is_that_of_the_evaluation()
    {
        string chart = ReportText.Chart(s_page.Value, "Calibration");
        Assert.Equal(
            Result.Calibration.SelectMany(bin => new[] { bin.MeanScore, bin.MaliciousShare, bin.Flows }), ReportText.Numbers(chart));
        (Axis x, Axis y) = CalibrationChart.Axes();
        AssertDrawn(Result.Calibration.Select(bin => (bin.MeanScore, bin.MaliciousShare)), ReportText.Path(chart, "curve thin"), x, y);
    }

    [Fact]
    public void The_confusion_matrix_and_the_reduction_are_those_of_the_evaluation()
    {
        Assert.Equal(
            [
                Value("true_positives") - Value("undecided_malicious"), Value("undecided_malicious"), Value("false_negatives"),
                Value("false_positives") - Value("undecided_benign"), Value("undecided_benign"), Value("true_negatives"),
            ],
            ReportText.Numbers(ReportText.Chart(s_page.Value, "Right and wrong")));
        Assert.Equal(
            new[] { "flows_spared", "packets_spared", "bytes_spared", "malicious_share_sent", "malicious_share_sent_at_prevalence" }
                .Select(Value),
            ReportText.Numbers(ReportText.Chart(s_page.Value, "What a deep inspector is spared")));
    }

    [Fact]
    public void Every_figure_is_there_with_its_value_its_interval_and_that_of_the_cross_validation()
    {
        foreach (string name in FigureNames.All.Skip(4).Where(name => !name.StartsWith("undecided", StringComparison.Ordinal)))
        {
            Figure figure = Result[name];
            string row = Regex.Match(s_page.Value, $"<tr data-figure=\"{Regex.Escape(name)}\">.*?</tr>", RegexOptions.Singleline).Value;
            Assert.Equal([figure.Value!.Value, s_content.Value.Other![name].Value!.Value], ReportText.Numbers(row));
            Assert.True(Math.Abs(ReportText.Path(row, "track")[0].Y - 5) < 0.1 && row.Contains(" to ", StringComparison.Ordinal), row);
        }
    }

    [Fact]
    public void The_warning_about_captures_of_one_class_is_the_first_of_the_cautions()
    {
        EvaluationResult warned = Result with { Warnings = ["every capture is of one class: beware"] };
        string page = ModelPages.Page(s_content.Value with { Evaluation = warned });
        Assert.Contains("<ul><li>Every capture is of one class: beware.</li>", page, StringComparison.Ordinal);
        Assert.DoesNotContain("is of one class", s_page.Value, StringComparison.Ordinal);
        Assert.Contains($" that share no flow; {Result.Within.Captures} hold both classes", s_page.Value, StringComparison.Ordinal);
    }

    [Fact]
    public void Captures_are_all_there_worst_first()
    {
        string section = s_page.Value.Split("<section id=\"captures\">")[1].Split("<section id=\"features\">")[0];
        Assert.Equal(
            Result.Captures.OrderBy(capture => capture.Figures[FigureNames.IndexOf("recall")].Value).SelectMany(capture =>
                new[] { capture.Malicious, capture.Figures[FigureNames.IndexOf("recall")].Value }),
            ReportText.Numbers(section.Split("</section>")[0]).Select(number => (double?)number));
    }

    [Fact]
    public void Weights_are_those_of_the_model()
    {
        string numbers = s_page.Value.Split("All weights in numbers")[1].Split("<section id=\"densities\">")[0];
        foreach (ModelFeature feature in s_content.Value.Model.Features)
        {
            string table = Regex.Match(numbers, $"<caption>{feature.Name}</caption>.*?</table>", RegexOptions.Singleline).Value;
            double[] expected = feature.Transform == Transform.Bins
                ? [.. feature.Weights.SelectMany((weight, bin) => new double?[] { bin == 0 ? null : feature.Edges[bin
                    - 1], bin == feature.Edges.Length ? null : feature.Edges[bin], weight }).OfType<double>()]
                : [feature.Centre, feature.Scale, feature.Weight];
            Assert.Equal(expected, ReportText.Numbers(table));
        }
    }

    [Fact]
    public void Shares_that_are_drawn_add_up_to_the_score_of_the_scorer()
    {
        ModelReportContent content = s_content.Value;
        Dictionary<string, double[]> columns = content.Data.Features.Zip(content.Data.Columns).ToDictionary();
        double[] scores = RowScorer.Score(
            content.Model, [.. content.Model.Features.Select(feature => columns[feature.Name])], content.Data.Count);
        for (int row = 0; row < content.Data.Count; row += 13)
        {
            double sum = content.Model.Intercept
                + content.Model.Features.Sum(feature => FeatureContribution.Compute(feature, columns[feature.Name][row]));
            Assert.Equal(scores[row], 1 / (1 + Math.Exp(-sum)), 1e-9);
        }
    }

    [Fact]
    public void Every_chart_has_axis_labels_and_is_said_to_those_who_do_not_see_it()
    {
        Match[] charts =
            [.. Regex.Matches(s_page.Value, "<svg viewBox=[^>]*role=\"img\".*?</svg>", RegexOptions.Singleline).OfType<Match>()];
        Assert.InRange(charts.Length, 10, 20);
        Assert.All(charts, chart => Assert.Matches("aria-label=\"[^\"]{8,}\"", chart.Value));
        Assert.All(charts, chart => Assert.Matches("class=\"label", chart.Value));
    }

    [Fact]
    public void Names_that_are_markup_stay_names()
    {
        string page = ModelPages.Page(ModelPages.Trained(ModelPages.Hostile, ModelPages.Hostile, ModelPages.Hostile));
        ReportText.AssertSelfContained(page);
        Assert.Contains("&quot;&gt;&lt;script&gt;alert(&#39;x&#39;)&lt;/script&gt;", page, StringComparison.Ordinal);
        Assert.DoesNotContain('\u202E', page);
    }

    [Fact]
    public void One_class_alone_has_a_page_without_curves()
    {
        ModelReportContent content = s_content.Value;
        int[] benign = [.. content.Data.AllRows().Where(row => !content.Data.Positive[row])];
        DataSet data = content.Data.WithRows(benign);
        EvaluationResult result = Evaluator.Evaluate("m", new ScoredFlows(data, new double[benign.Length], 1), 0.5, "given", null, 1);
        string page = ModelPages.Page(content with { Data = data, Evaluation = result, Other = null, IsTraining = false });
        ReportText.AssertSelfContained(page);
        Assert.Contains("All flows here are benign.", page, StringComparison.Ordinal);
        Assert.DoesNotContain("ROC curve", page, StringComparison.Ordinal);
    }

    [Fact]
    public void The_same_content_gives_the_same_page() => Assert.Equal(s_page.Value, ModelPages.Page(s_content.Value));

    private static double Value(string name) => Result[name].Value!.Value;

    private static void AssertDrawn(IEnumerable<(double X, double Y)> values, (double X, double Y)[] points, Axis x, Axis y)
    {
        (double X, double Y)[] expected = [.. values];
        Assert.Equal(expected.Length, points.Length);
        Assert.All(expected.Zip(points), pair =>
        {
            Assert.Equal(x.Scale.Place(pair.First.X), pair.Second.X, 0.051);
            Assert.Equal(y.Scale.Place(pair.First.Y), pair.Second.Y, 0.051);
        });
    }
}
