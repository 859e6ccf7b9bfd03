using FlowMeter.Engine.Numerics;

namespace FlowMeter.Learning.Evaluation;

/// <summary>
/// Judges scored flows, with bootstrap intervals: what varies from one laboratory to the next is the capture, so captures are drawn with replacement where there are several, else flows.
/// The same seed gives the same intervals, whatever the number of cores.
/// </summary>
public static class Evaluator
{
    private const int MostReplicates = 1000;
    private const int LeastReplicates = 100;
    private const double MostDraws = 1e9;
    private const int CurvePoints = 500;

    /// <summary>Computes everything.</summary>
    /// <param name="name">What to call the flows.</param>
    /// <param name="flows">The flows and their scores.</param>
    /// <param name="threshold">Malicious from this score on.</param>
    /// <param name="rule">How the threshold was chosen.</param>
    /// <param name="prevalence">An assumed share of malicious flows; null for none.</param>
    /// <param name="seed">Names the bootstrap's draws.</param>
    /// <param name="done">Told how much of the overall draws is done, from 0 to 1.</param>
    /// <param name="stop">Ends the evaluation.</param>
    /// <exception cref="OperationCanceledException">Told to stop.</exception>
    public static EvaluationResult Evaluate(
        string name, ScoredFlows flows, double threshold, string rule, double? prevalence, ulong seed, Action<double>? done = null, CancellationToken stop = default)
    {
        int[][] captures = [.. flows.Data.ByCapture(flows.Data.AllRows())];
        bool drawsCaptures = captures.Length > 1;
        int[][] units = drawsCaptures ? captures : [.. flows.Data.AllRows().Select(flow => new[] { flow })];
        int replicates = (int)Math.Clamp(MostDraws / Math.Max(flows.Data.Count, 1), LeastReplicates, MostReplicates);
        FlowFigures figures = new(flows, threshold, prevalence);
        double[] values = figures.Compute(null);
        (double[] low, double[] high) = Intervals(figures, units, flows.Data.Count, replicates, seed, done, stop);
        CaptureResult[] results = new CaptureResult[captures.Length];
        ParallelOptions parallel = new() { CancellationToken = stop };
        Parallel.For(0, captures.Length, parallel, c => results[c] = OfCapture(flows.Of(captures[c]), threshold, prevalence, SplitMix64.Mix(seed + (ulong)c + 1), stop));
        int count = FigureNames.All.Count;
        return new EvaluationResult
        {
            Name = name,
            Flows = flows.Data.Count,
            Malicious = flows.Data.Positives,
            Threshold = threshold,
            ThresholdRule = rule,
            Prevalence = prevalence,
            Replicates = replicates,
            Resampled = drawsCaptures ? "captures" : "flows",
            Figures = Named(values, low, high),
            Curve = flows.Data.Positives is var positives && positives > 0 && positives < flows.Data.Count ? figures.Curve(CurvePoints) : [],
            Calibration = figures.Calibration(low[count..], high[count..]),
            Captures = results,
        };
    }

    private static CaptureResult OfCapture(ScoredFlows flows, double threshold, double? prevalence, ulong seed, CancellationToken stop)
    {
        FlowFigures figures = new(flows, threshold, prevalence);
        int[][] units = [.. flows.Data.AllRows().Select(flow => new[] { flow })];
        (double[] low, double[] high) = Intervals(figures, units, flows.Data.Count, LeastReplicates, seed, null, stop);
        return new CaptureResult(flows.Data.Captures[flows.Data.Capture[0]], flows.Data.Count, flows.Data.Positives, Named(figures.Compute(null), low, high));
    }

    private static IReadOnlyList<Figure> Named(double[] values, double[] low, double[] high)
    {
        static double? Known(double value) => double.IsFinite(value) ? value : null;
        return [.. FigureNames.All.Select((name, i) => new Figure(name, Known(values[i]), Known(low[i]), Known(high[i])))];
    }

    /// <summary>The 2.5th and 97.5th percentile of every figure over the replicates in which it has a meaning.</summary>
    private static (double[] Low, double[] High) Intervals(FlowFigures figures, int[][] units, int flows, int replicates, ulong seed, Action<double>? done, CancellationToken stop)
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
