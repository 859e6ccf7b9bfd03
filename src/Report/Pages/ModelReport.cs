using System.Text;
using System.Text.Json;
using FlowMeter.Engine.Scoring;
using FlowMeter.Learning.Evaluation;
using FlowMeter.Report.Charts;
using FlowMeter.Report.Drawing;
using FlowMeter.Report.Statistics;

namespace FlowMeter.Report.Pages;

/// <summary>
/// The report of a model as one HTML page without script: a summary in words, the confusion matrix, the curves, all figures, each capture,
/// each feature, and how the model was trained.
/// </summary>
public static class ModelReport
{
    private const int Strongest = 6;

    /// <summary>Makes the page, as UTF-8. The same content gives the same bytes.</summary>
    public static byte[] Make(ModelReportContent content)
    {
        EvaluationResult result = content.Evaluation;
        IReadOnlyList<FeatureUse> features = FeatureUse.FromModel(content.Model, content.Data);
        bool hasCurves = result.Curve.Count > 0;
        Html[] sections =
        [
            ReportPage.Section("decisions", "What it finds, and what it spares", Html.Format($"""<div """
                + $"""class="charts">{ConfusionChart.Draw(result)}{ReductionChart.Draw(result)}</div>""")),
            !hasCurves ? Html.Empty : ReportPage.Section("curves", "How well the score separates", Html.Format($"""
                <div class="charts">{RocChart.Linear(result)}{RocChart.Logarithmic(result)}{PrecisionRecallChart.Draw(result)}{CalibrationChart.Draw(result)}</div>
                """)),
            ReportPage.Section("figures", "All figures", FigureTable.Draw(result, content.Other)),
            result.Captures.Count < 2 ? Html.Empty : ReportPage.Section("captures", "Capture by capture", Html.Format($"""
                <p>Worst first. A good mean can hide a capture that fails.</p><div class="halves">{CaptureTable.Found(result)}{CaptureTable.Inspected(result)}</div>
                """)),
            ReportPage.Section("features", "What it looks at", Html.Format($"""
                <p>How far each feature moves the log-odds of these flows (standard deviation of its share), and which way: {Swatch("malicious")} speaks for malicious, {Swatch("benign")} for benign.</p>
                {WeightTable.Draw(features)}
                """)),
            !hasCurves ? Html.Empty : ReportPage.Section("densities", "The strongest features", Html.Format($"""
                <p>Above: where benign and malicious flows lie. Below: what the model makes of it. Values of 0 have a column of their own.</p><div class="charts">{features.Where(use => use.Influence > 0 && use.Feature.Names.Length == 1).Take(Strongest).Select(FeatureChart.Draw)}</div>
                """)),
            ReportPage.Section("training", "How it was trained", TrainingSection.Draw(content.Model.Trained)),
        ];
        return Encoding.UTF8.GetBytes(
            ReportPage.Create($"{content.Model.Name}: model report", Header(content), sections, content.Program).ToString());
    }

    private static Html Swatch(string name) => Html.Format($"""<span class="swatch {name}"></span>""");

    private static Html Header(ModelReportContent content)
    {
        EvaluationResult result = content.Evaluation;
        Model model = content.Model;
        JsonElement? trained = model.Trained;
        IEnumerable<string> cautions =
        [
            .. model.IsUntuned ? [ModelVerdict.UntunedCaution] : Array.Empty<string>(),
            .. ModelVerdict.Cautions(result, content.IsTraining ? TrainingSection.SplitBy(trained) : null),
        ];
        Figure rate = FigureText.FalsePositiveRate(result.Figures);
        (string volume, Figure spared) = FigureText.Bypassed(result);
        string where = content.IsTraining
            ? content.Other == null
            ? "unseen flows of the cross-validation"
            : "flows that were held out"
            : "the flows given";
        return Html.Format($"""
            <p class="kicker">Model report</p><h1>{model.Name}</h1>
            <p class="lead">{ModelVerdict.Lead(result)}</p>
            <p class="facts-line">A logistic regression over {Readable.Count(model.Features.Length, "feature")} of profile {model.Profile}, judged on {where}: {Readable.Count(result.Flows, "flow")}, {Readable.Count(result.Malicious)} malicious, from {Readable.Count(result.Captures.Count, "capture")}{Origins(result)}. Malicious from a score of {Readable.Digits(result.Threshold, 4)} on{(result.BenignBelow < result.Threshold ? $", benign below {Readable.Digits(result.BenignBelow, 4)}" : "")}.</p>
            <div class="tiles">{Tile("malicious flows found", result["recall"], true)}{Tile("benign flows sent on", rate, true)}{(FigureText.IsOfUse("pair_roc_area", result) ? Tile("ROC area within one capture", result["pair_roc_area"], false) : Html.Empty)}{Tile("ROC area", result["roc_area"], false)}{Tile("benign cleared at recall 0.98", result["benign_cleared_at_recall_0.98"], true)}{Tile($"{volume} spared", spared, true)}{Tile("malicious among flows sent on", result["malicious_share_sent"], true)}</div>
            {(cautions.Any() ? Html.Format($"""<aside class="cautions"><h2>Keep in mind</h2><ul>{cautions.Select(caution => Html.Format($"<li>{caution}</li>"))}</ul></aside>""") : Html.Empty)}
            """);
    }

    /// <summary>What the captures are from, and which hold both classes; nothing for a single one.</summary>
    private static string Origins(EvaluationResult result) => result.Captures.Count < 2 ? ""
        : $" in {Readable.Count(result.Groups, "group")} that share no flow"
            + (result.Sources.Count > 0 ? $", of {Readable.Count(result.Sources.Count, "source")}" : "")
            + (result.Within.Captures == 0
                ? "; none holds both classes"
                : $"; {Readable.Count(result.Within.Captures)} hold both classes, {Readable.Count(result.Within.Benign, "benign flow")} "
                    + "and "
                    + $"{Readable.Count(result.Within.Malicious, "malicious flow")}");

    private static Html Tile(string name, Figure figure, bool isPercent) => figure.Value is not double value ? Html.Empty : Html.Format($"""
        <div class="tile"><span class="tile-name">{name}</span><strong>{DataTable.Exact(value, FigureText.Value(value, isPercent))}</strong><span class="tile-interval">{FigureText.Interval(figure, bound => FigureText.Value(bound, isPercent))}</span></div>

        """);
}
