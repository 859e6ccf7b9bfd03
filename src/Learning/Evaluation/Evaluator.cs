using FlowMeter.Engine.Numerics;

namespace FlowMeter.Learning.Evaluation;

/// <summary>
/// Computes the figures of scored flows with bootstrap intervals. Flows of one capture are alike, and so are captures that share flows, so
/// groups of such captures are drawn with replacement where there are several, else flows. The same seed gives the same intervals for any
/// number of cores.
/// </summary>
public static class Evaluator
{
    private const int MaxReplicates = 1000;
    private const int MinReplicates = 100;
    private const double MaxDraws = 1e9;
    private const int CurvePoints = 500;

    /// <summary>Evaluates flows, overall and by capture.</summary>
    /// <param name="name">A name for the flows, for reports.</param>
    /// <param name="flows">The flows and their scores.</param>
    /// <param name="threshold">Flows of this score or more are judged malicious.</param>
    /// <param name="rule">How the threshold was chosen, for reports.</param>
    /// <param name="prevalence">An assumed share of malicious flows, from 0 to 1; null for none.</param>
    /// <param name="seed">The seed of the draws.</param>
    /// <param name="protocol">What the model that gave the scores knew of the flows, for reports.</param>
    /// <param name="done">Receives the share of the overall replicates that is done, from 0 to 1, from any thread; null: disabled.</param>
    /// <param name="benignBelow">Flows below this score are judged benign; null for the threshold.</param>
    /// <param name="stop">Cancels the evaluation.</param>
    /// <exception cref="OperationCanceledException"><paramref name="stop"/> was cancelled.</exception>
    public static EvaluationResult Evaluate(
        string name, ScoredFlows flows, double threshold, string rule, double? prevalence, ulong seed,
        string protocol = EvaluationResult.UnknownProtocol, Action<double>? done = null, double? benignBelow = null,
        CancellationToken stop = default)
    {
        double below = benignBelow ?? threshold;
        int[][] captures = [.. flows.Data.ByCapture(flows.Data.AllRows())];
        int[][] groups = [.. flows.Data.ByGroup(flows.Data.AllRows())];
        bool drawsGroups = groups.Length > 1;
        int[][] units = drawsGroups ? groups : [.. flows.Data.AllRows().Select(flow => new[] { flow })];
        int replicates = (int)Math.Clamp(MaxDraws / Math.Max(flows.Data.Count, 1), MinReplicates, MaxReplicates);
        FlowFigures figures = new(flows, threshold, below, prevalence, drawsGroups);
        double[] values = figures.Compute(null);
        (double[] low, double[] high) = Intervals(figures, units, flows.Data.Count, replicates, seed, done, stop);
        CaptureResult[] results = new CaptureResult[captures.Length];
        ParallelOptions parallel = new() { CancellationToken = stop };
        Parallel.For(0, captures.Length, parallel, c =>
        {
            ScoredFlows part = flows.WithRows(captures[c]);
            results[c] = new CaptureResult(
                part.Data.Captures[part.Data.Capture[0]], part.Data.Count, part.Data.Positives,
                EvaluatePart(part, false, threshold, below, prevalence, SplitMix64.Mix(seed + (ulong)c + 1), stop));
        });
        SourceResult[] sources =
        [
            .. flows.Data.BySource(flows.Data.AllRows()).Select(flows.WithRows).Select((part, s) => new SourceResult(
                part.Data.Sources[part.Data.Source[0]], part.Data.Count, part.Data.Positives,
                EvaluatePart(
                    part, part.Data.Group.Distinct().Count() > 1, threshold, below, prevalence, SplitMix64.Mix(seed - (ulong)s - 1),
                    stop))),
        ];
        int count = FigureNames.All.Count;
        return new EvaluationResult
        {
            Name = name,
            Flows = flows.Data.Count,
            Malicious = flows.Data.Positives,
            Threshold = threshold,
            BenignBelow = below,
            ThresholdRule = rule,
            Prevalence = prevalence,
            Replicates = replicates,
            Resampled = !drawsGroups ? "flows" : groups.Length == captures.Length ? "captures"
                : groups.Length < captures.Length ? "groups of captures"
                : "sources",
            Protocol = protocol,
            Groups = groups.Length,
            Sources = sources,
            Within = figures.Within,
            Warnings = OneClassWarning.For(flows.Data) is { } warning ? [warning] : [],
            Figures = Named(values, low, high),
            Curve = flows.Data.Positives is var positives && positives > 0 && positives < flows.Data.Count
                ? figures.Curve(CurvePoints)
                : [],
            Calibration = figures.Calibration(low[count..], high[count..]),
            Captures = results,
        };
    }

    /// <summary>The figures of some flows by themselves: those of a capture, drawn flow by flow, or of a source, group by group.</summary>
    private static IReadOnlyList<Figure> EvaluatePart(
        ScoredFlows flows, bool drawsGroups, double threshold, double benignBelow, double? prevalence, ulong seed, CancellationToken stop)
    {
        int[] rows = flows.Data.AllRows();
        int[][] units = drawsGroups ? [.. flows.Data.ByGroup(rows)] : [.. rows.Select(flow => new[] { flow })];
        FlowFigures figures = new(flows, threshold, benignBelow, prevalence, drawsGroups);
        (double[] low, double[] high) = Intervals(figures, units, rows.Length, MinReplicates, seed, null, stop);
        return Named(figures.Compute(null), low, high);
    }

    private static IReadOnlyList<Figure> Named(double[] values, double[] low, double[] high)
    {
        static double? Known(double value) => double.IsFinite(value) ? value : null;
        return [.. FigureNames.All.Select((name, i) => new Figure(name, Known(values[i]), Known(low[i]), Known(high[i])))];
    }

    /// <summary>The 2.5th and 97.5th percentile of every figure over the replicates in which it is defined.</summary>
    private static (double[] Low, double[] High) Intervals(
        FlowFigures figures, int[][] units, int flows, int replicates, ulong seed, Action<double>? done, CancellationToken stop)
    {
        double[][] drawn = new double[replicates][];
        int finished = 0;
        Parallel.For(0, replicates, new ParallelOptions { CancellationToken = stop }, () => new int[flows], (replicate, _, times) =>
        {
            Array.Clear(times);
            SplitMix64 random = new(SplitMix64.Mix(seed) ^ SplitMix64.Mix((ulong)replicate + 1));
            for (int i = 0; i < units.Length; i++)
            {
                foreach (int flow in units[random.Below((uint)units.Length)])
                {
                    times[flow]++;
                }
            }

            drawn[replicate] = figures.Compute(times);
            done?.Invoke((double)Interlocked.Increment(ref finished) / replicates);
            return times;
        }, _ => { });
        int count = drawn[0].Length;
        double[] low = new double[count];
        double[] high = new double[count];
        for (int figure = 0; figure < count; figure++)
        {
            double[] values = [.. drawn.Select(replicate => replicate[figure]).Where(double.IsFinite).Order()];
            low[figure] = Percentile(values, 0.025);
            high[figure] = Percentile(values, 0.975);
        }

        return (low, high);
    }

    private static double Percentile(double[] sorted, double share)
    {
        if (sorted.Length == 0)
        {
            return double.NaN;
        }

        double place = share * (sorted.Length - 1);
        int below = (int)place;
        int above = Math.Min(below + 1, sorted.Length - 1);
        return sorted[below] + ((place - below) * (sorted[above] - sorted[below]));
    }
}
