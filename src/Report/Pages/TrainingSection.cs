using System.Globalization;
using System.Text.Json;
using FlowMeter.Report.Drawing;

namespace FlowMeter.Report.Pages;

/// <summary>How a model was trained, from the record inside its file, as far as it has one.</summary>
internal static class TrainingSection
{
    private const int BestShown = 10;
    private const int SourcesShown = 200;

    private static readonly (string Name, string Title)[] s_facts =
    [
        ("flows", "flows to train with"), ("malicious", "malicious among them"), ("held_out_flows", "flows held out"),
        ("captures", "captures"), ("groups", "groups of them that share no flow"),
        ("split_by", "held out and folded by"), ("folds", "folds"),
        ("features", "features"), ("transform", "transform"), ("penalty", "penalty"), ("c", "C"), ("class_weight", "class weight"), (
            "roc_area", "ROC area of the search, which chose by it"),
        ("roc_area_deviation", "its deviation over folds"), ("threshold", "threshold by"), ("iterations", "steps of the final fit"),
        ("converged", "converged"), ("seed", "seed"),
    ];

    public static Html Draw(JsonElement? trained)
    {
        if (trained is not { ValueKind: JsonValueKind.Object } record)
        {
            return Html.Format($"<p>The model's file does not say.</p>");
        }

        IEnumerable<Html> facts = s_facts.Where(fact => Text(record, fact.Name) != null).Select(
            fact => Html.Format($"<div><dt>{fact.Title}</dt><dd>{Text(record, fact.Name)}</dd></div>"));
        return Html.Format($"""<dl class="facts">{facts}</dl>{Grid(record)}{Sources(record)}""");
    }

    /// <summary>What stayed together in folds, from the record; null if it does not say.</summary>
    public static string? SplitBy(JsonElement? trained) =>
        trained is { ValueKind: JsonValueKind.Object } record ? Text(record, "split_by") : null;

    private static string? Text(JsonElement record, string name) =>
        !record.TryGetProperty(name, out JsonElement value) ? null : value.ValueKind switch
    {
        JsonValueKind.String => value.GetString(),
        JsonValueKind.Number when name.StartsWith("roc_area", StringComparison.Ordinal) => Readable.Figure(value.GetDouble()),
        JsonValueKind.Number when name is "flows" or "malicious" or "held_out_flows" => Readable.Count(value.GetDouble()),
        JsonValueKind.Number => value.GetDouble().ToString("R", CultureInfo.InvariantCulture),
        JsonValueKind.True => "yes",
        JsonValueKind.False => "no: the weights are not the optimum",
        _ => null,
    };

    private static Html Grid(JsonElement record)
    {
        if (!record.TryGetProperty("grid", out JsonElement grid) || grid.ValueKind != JsonValueKind.Array || grid.GetArrayLength() < 2)
        {
            return Html.Empty;
        }

        static double Area(JsonElement row) => row.ValueKind == JsonValueKind.Object && row.TryGetProperty(
            "roc_area", out JsonElement area) && area.ValueKind == JsonValueKind.Number ? area.GetDouble() : -1;
        DataTable table = new(
            $"The best of {Readable.Count(grid.GetArrayLength())} combinations that were tried",
            "Features",
            "Transform",
            "Penalty",
            "Class weight",
            "C",
            "ROC area");
        foreach (JsonElement row in grid.EnumerateArray().OrderByDescending(Area).Take(BestShown).Where(row => Area(row) >= 0))
        {
            table.Add(
                DataTable.Cell(Text(row, "features") ?? ""),
                Html.Format($"""<td class="n">{Text(row, "transform")}</td><td class="n">{Text(row, "penalty")}</td>"""
                    + $"""<td class="n">{Text(row, "class_weight")}</td><td class="n">{Text(row, "c")}</td>"""),
                DataTable.Cell(Area(row), Area(row).ToString("0.0000", CultureInfo.InvariantCulture)));
        }

        return Html.Format($"""<div class="scroll">{table.Shown()}</div>""");
    }

    private static Html Sources(JsonElement record)
    {
        if (!record.TryGetProperty("sources", out JsonElement sources) || sources.ValueKind != JsonValueKind.Array
            || sources.GetArrayLength() == 0)
        {
            return Html.Empty;
        }

        int count = sources.GetArrayLength();
        IEnumerable<Html> names = sources.EnumerateArray().Take(SourcesShown).Select(
            source => Html.Format($"<li>{source.ToString()}</li>"));
        Html rest = count > SourcesShown ? Html.Format($"<li>and {count - SourcesShown} more</li>") : Html.Empty;
        return Html.Format($"""<details class="numbers"><summary>Trained on {Readable.Count(count, "file")}</summary>"""
            + $"""<ul class="files">{names}{rest}</ul></details>""");
    }
}
