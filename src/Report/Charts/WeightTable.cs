using System.Collections.Immutable;
using System.Globalization;
using FlowMeter.Engine.Scoring;
using FlowMeter.Report.Drawing;
using FlowMeter.Report.Statistics;

namespace FlowMeter.Report.Charts;

/// <summary>Every feature of a model: its influence on the score, and its weights as a strip of colours and in numbers.</summary>
internal static class WeightTable
{
    private const int Shown = 15;

    public static Html Draw(IReadOnlyList<FeatureUse> features)
    {
        double most = features.Select(use => use.Influence).Append(1e-12).Max();
        double strongest = features.SelectMany(use => use.Feature.Weights.IsEmpty
            ? [use.Feature.Weight]
            : use.Feature.Weights.AsEnumerable()).Select(Math.Abs).Append(1e-12).Max();
        Html Table(IEnumerable<FeatureUse> some) => Html.Format($"""
            <table class="weights"><caption class="spoken">Features of the model</caption><thead><tr><th scope="col">Feature</th><th scope="col" class="n">Moves by</th><th scope="col" class="drawn">of the strongest</th><th scope="col" class="drawn strip-head">weights, low values to high</th></tr></thead><tbody>{some.Select(use => Html.Format($"""
                <tr><th scope="row" class="name" title="{use.Meaning}">{use.Feature.Name}</th>{DataTable.Cell(use.Influence, "±\u00A0" + Readable.Digits(use.Influence, 2))}<td class="drawn">{Bar.Draw(use.Influence / most, "ink")}</td><td class="drawn">{Strip(use.Feature, strongest)}</td></tr>

                """))}</tbody></table>
            """);
        Html rest = features.Count > Shown
            ? Html.Format($"""<details class="numbers"><summary>{Readable.Count(features.Count - Shown, "weaker feature")}</"""
                + $"""summary>{Table(features.Skip(Shown))}</details>""")
            : Html.Empty;
        return Html.Format($"""{Table(features.Take(Shown))}{rest}<details class="numbers"><summary>All weights in numbers</summary>"""
            + $"""<div class="scroll">{features.Select(use => Numbers(use).Shown("bins"))}</div></details>""");
    }

    /// <summary>A cell for each bin: the colour shows the sign of the weight, the opacity its size.</summary>
    private static Html Strip(ModelFeature feature, double strongest)
    {
        if (feature.Transform == Transform.Hash)
        {
            return Html.Format($"{Readable.Count(feature.Weights.Length, "weight")}");
        }

        double[] weights = feature.Weights.IsEmpty ? [-feature.Weight, feature.Weight] : [.. feature.Weights];
        double width = 1000.0 / weights.Length;
        return Html.Format($"""
            <svg class="bar strip" viewBox="0 0 1000 10" preserveAspectRatio="none" aria-hidden="true">{weights.Select((weight, bin) => Html.Format($"""
                <path class="fill {(weight > 0 ? "malicious" : "benign")}" fill-opacity="{Opacity(weight / strongest)}" d="{PathData.Box(bin * width, 0, width, 10)}"/>
                """))}</svg>
            """);
    }

    /// <summary>The opacity of a weight, by the square root, so that small weights are visible beside a large one.</summary>
    private static string Opacity(double share) => Math.Sqrt(Math.Min(1, Math.Abs(share))).ToString("0.00", CultureInfo.InvariantCulture);

    private static DataTable Numbers(FeatureUse use)
    {
        ModelFeature feature = use.Feature;
        string Edge(double edge) => Readable.InUnit(edge, use.Unit);
        if (feature.Transform is Transform.Pairs or Transform.Hash)
        {
            return feature.Transform == Transform.Pairs ? Cells(feature) : Buckets(feature);
        }

        if (feature.Transform != Transform.Bins)
        {
            string formula = feature.Transform == Transform.Log1P ? "(log(1 + x) − centre) / scale" : "(x − centre) / scale";
            return new DataTable(feature.Name, $"weight · {formula}", "Centre", "Scale", "Weight").Add(
                DataTable.Head(feature.Transform == Transform.Log1P ? "log1p" : "identity"),
                DataTable.Cell(feature.Centre, Readable.Digits(feature.Centre, 4)),
                DataTable.Cell(feature.Scale, Readable.Digits(feature.Scale, 4)),
                DataTable.Cell(feature.Weight, Readable.Digits(feature.Weight, 3)));
        }

        DataTable table = new(feature.Name, "Bin from", "to below", "Weight");
        for (int bin = 0; bin < feature.Weights.Length; bin++)
        {
            table.Add(
                bin == 0 ? DataTable.Cell("") : DataTable.Cell(feature.Edges[bin - 1], Edge(feature.Edges[bin - 1])),
                bin == feature.Edges.Length ? DataTable.Cell("") : DataTable.Cell(feature.Edges[bin], Edge(feature.Edges[bin])),
                DataTable.Cell(feature.Weights[bin], Readable.Digits(feature.Weights[bin], 3)));
        }

        return table;
    }

    /// <summary>The table of a pair: bins of the first feature down, of the second across.</summary>
    private static DataTable Cells(ModelFeature feature)
    {
        string Below(ImmutableArray<double> edges, int bin) => bin < edges.Length ? $"below {Readable.Digits(edges[bin], 4)}" : "above";
        int width = feature.SecondEdges.Length + 1;
        DataTable table = new(
            feature.Name,
            [$"{feature.Names[0]} by {feature.Names[1]}", .. Enumerable.Range(0, width).Select(bin => Below(feature.SecondEdges, bin))]);
        for (int bin = 0; bin <= feature.Edges.Length; bin++)
        {
            table.Add([
                DataTable.Head(Below(feature.Edges, bin)),
                .. feature.Weights.Skip(bin * width).Take(width).Select(weight => DataTable.Cell(weight, Readable.Digits(weight, 2))),
            ]);
        }

        return table;
    }

    /// <summary>The buckets of most weight.</summary>
    private static DataTable Buckets(ModelFeature feature)
    {
        DataTable table = new(
            $"{feature.Name}: the {Shown} strongest of {Readable.Count(feature.Weights.Length, "bucket")}", "Bucket", "Weight");
        foreach ((int bucket, double weight) in feature.Buckets.Zip(feature.Weights).OrderByDescending(pair => Math.Abs(pair.Second))
            .Take(Shown))
        {
            table.Add(DataTable.Cell(bucket, Readable.Count(bucket)), DataTable.Cell(weight, Readable.Digits(weight, 3)));
        }

        return table;
    }
}
