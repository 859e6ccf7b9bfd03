using FlowMeter.Report.Drawing;
using FlowMeter.Report.Statistics;

namespace FlowMeter.Report.Charts;

/// <summary>
/// Flows, packets and bytes by the start of their flow, one above the other on the same time axis. Flows are divided by verdict where there
/// are verdicts.
/// </summary>
internal static class TimelineChart
{
    private const double PanelHeight = 108;
    private const double PanelGap = 46;

    /// <summary>The sums that a drawing of this width shows.</summary>
    public static Timeline Spans(TableStatistics table, double width) => table.Timeline.AtMost((int)(width / 4.2));

    public static Html Draw(TableStatistics table)
    {
        Timeline spans = Spans(table, Plot.WideWidth);
        string width = Readable.Time(spans.Width / 1e9);
        DataTable numbers = table.HasVerdicts
            ? new($"Sums of {width}", "From, UTC", "Benign flows", "Undecided", "Malicious", "Packets", "Bytes")
            : new($"Sums of {width}", "From, UTC", "Flows", "Packets", "Bytes");
        int[] series = table.HasVerdicts ? [0, 1, 2, 3, 4] : [0, 3, 4];
        double[][] sums = [.. series.Select(index => spans.SumsOf(index).Select(span => span.Sum).ToArray())];
        foreach ((int i, (double start, _)) in spans.SumsOf(0).Index())
        {
            numbers.Add([DataTable.Head(Readable.Moment((long)(start * 1e9))), .. sums.Select(
                column => DataTable.Cell(column[i], Readable.Count(column[i])))]);
        }

        return ChartFigure.Create(
            table.HasVerdicts ? "Verdicts, packets and bytes" : "Flows, packets and bytes",
            "A flow counts, with all of its packets, at the moment of its first one.",
            Plot.Twice(across => Panels(table, across)),
            numbers,
            "timeline");
    }

    private static Html Panels(TableStatistics table, double width)
    {
        Timeline spans = Spans(table, width);
        string per = $"per {Readable.Time(spans.Width / 1e9)}";
        double spanSeconds = spans.Width / 1e9;
        (string Label, (int Series, string Css)[] Stack, Func<double, string> Text)[] panels =
        [
            ($"flows {per}", table.HasVerdicts ? [(0, "benign"), (1, "other"), (2, "malicious")] : [(0, "ink")], Readable.Short),
            .. table.Roles.Packets.Length == 0 ? [] : new[] { (
                $"packets {per}", new[] { (3, "ink") }, (Func<double, string>)Readable.Short) },
            .. table.Roles.Bytes.Length == 0 ? [] : new[] { ($"bytes {per}", new[] { (4, "ink") }, (Func<double, string>)Readable.Bytes) },
        ];
        double left = Plot.Left + 10;
        double height = (panels.Length * (PanelHeight + PanelGap)) + 26;
        Axis x = Axis.Clock(spans.First * spanSeconds, (spans.Last + 1) * spanSeconds, left, width - Plot.Right, width > 600 ? 10 : 5);
        IEnumerable<Html> drawn = panels.Select((panel, i) =>
        {
            double top = 30 + (i * (PanelHeight + PanelGap));
            return Panel(spans, panel.Label, panel.Stack, panel.Text, x, top, i == panels.Length - 1);
        });
        Html names = table.HasVerdicts ? Names(table, width - Plot.Right) : Html.Empty;
        return Plot.Drawing(
            width, height, "Flows over time", $"{Readable.Count(table.Flows, "flow")} {per}", Html.Format($"{drawn}{names}"));
    }

    /// <summary>The verdicts that there are, in their colours, from right to left.</summary>
    private static Html Names(TableStatistics table, double right)
    {
        List<Html> names = [];
        foreach ((int verdict, string css, double room) in new[] { (2, "malicious", 84), (0, "benign", 62), (1, "note", 80.0) })
        {
            if (table.OfVerdict[verdict, 0] > 0)
            {
                names.Add(Html.Format($"""<text class="direct strong {css}" x="{right}" y="15" """
                    + $"""text-anchor="end">{TableStatistics.Verdicts[verdict]}</text>"""));
                right -= room;
            }
        }

        return Html.Join(names);
    }

    private static Html Panel(
        Timeline spans, string label, (int Series, string Css)[] stack, Func<double, string> text, Axis x, double top, bool isLast)
    {
        double bottom = top + PanelHeight;
        double[] below = new double[spans.Count];
        List<(string Css, double[] From, double[] To)> layers = [];
        foreach ((int series, string css) in stack)
        {
            double[] from = (double[])below.Clone();
            foreach ((int i, (_, double sum)) in spans.SumsOf(series).Index())
            {
                below[i] += sum;
            }

            layers.Add((css, from, (double[])below.Clone()));
        }

        Axis y = Axis.Create(Scale.Linear(0, Scale.RoundUp(below.Max(), 3), bottom, top), label, 4, text);
        double seconds = spans.Width / 1e9;
        Html bars = Html.Join(layers.Select(layer => Html.Format($"""
            <path class="fill {layer.Css}" d="{string.Concat(Enumerable.Range(0, spans.Count).Where(i => layer.To[i] > layer.From[i]).Select(i =>
            {
                double from = x.Scale.Place((spans.First + i) * seconds);
                double to = x.Scale.Place((spans.First + i + 1) * seconds);
                double high = y.Scale.Place(layer.To[i]);
                double gap = to - from > 3 ? 0.6 : 0;
                return PathData.Box(from, high, Math.Max(to - from - gap, 0.4), Math.Max(y.Scale.Place(layer.From[i]) - high, layer.From[i] == 0 || layer.Css == "malicious" ? 1 : 0));
            }))}"/>
            """)));
        Html axis = isLast
            ? Plot.HorizontalAxis(x, bottom, top)
            : Html.Format($"""<path class="axis" d="M{x.Scale.From} {bottom}H{x.Scale.To}"/>""");
        return Html.Format($"{Plot.VerticalAxis(y, x.Scale.From, x.Scale.To, top - 15)}{bars}{axis}");
    }
}
