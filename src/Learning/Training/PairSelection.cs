using FlowMeter.Engine.Scoring;
using FlowMeter.Learning.Data;

namespace FlowMeter.Learning.Training;

/// <summary>
/// Chooses the pairs of features that say most together beyond what each says alone. An additive model is fitted first (l2, C 0.1, all
/// flows alike); a pair's gain is by how much one Newton step of each cell of a table of 16 × 16 quantile bins lowers the objective; and
/// those chosen get a table of at most 24 × 24 cells, fewer where a cell would have fewer than eight flows on average. It sees the rows
/// that it is given and no others.
/// </summary>
internal static class PairSelection
{
    /// <summary>Bins of a side of a table at most.</summary>
    public const int MaxBins = 24;

    // Fewer cells say more surely which pair gains.
    private const int BinsToChoose = 16;
    private const int MinBins = 4;
    private const int FlowsOfCell = 8;

    // Weights that follow the training flows too closely leave residuals that say less of what is to be learnt.
    private const double AdditiveC = 0.1;

    /// <summary>The tables of most gain, as inputs beside those of the additive model; fewer where no others gain.</summary>
    /// <param name="data">The flows.</param>
    /// <param name="rows">The rows to choose by.</param>
    /// <param name="additive">The inputs of the additive model.</param>
    /// <param name="features">The features to pair.</param>
    /// <param name="count">Number of pairs.</param>
    /// <param name="stop">Cancels the choice.</param>
    public static IEnumerable<FittedInput> Choose(
        DataSet data, int[] rows, FittedInput[] additive, int[] features, int count, CancellationToken stop)
    {
        int most = Math.Clamp((int)Math.Sqrt(rows.Length / FlowsOfCell), MinBins, MaxBins);
        Side[] sides = [.. features.Select(feature => Side.Of(data, feature, rows, Math.Min(most, BinsToChoose))).Where(
            side => side.Edges.Length > 0)];
        LossState state = FitAdditive(data, rows, additive, stop);
        (double Gain, int First, int Second)[][] gains = new (double, int, int)[sides.Length][];
        Parallel.For(0, sides.Length, new ParallelOptions { CancellationToken = stop }, first =>
        {
            gains[first] = [.. Enumerable.Range(first + 1, sides.Length - first - 1).Select(
                second => (Gain(sides[first], sides[second], state), first, second))];
        });
        return gains.SelectMany(some => some).Where(pair => pair.Gain > 0)
            .OrderByDescending(pair => pair.Gain).Take(count).Select(pair => Input(
                data, Side.Of(data, sides[pair.First].Feature, rows, most), Side.Of(data, sides[pair.Second].Feature, rows, most)));
    }

    private static LossState FitAdditive(DataSet data, int[] rows, FittedInput[] inputs, CancellationToken stop)
    {
        Design design = Design.Create(data, rows, inputs);
        LogisticProblem problem =
            new(design, Array.ConvertAll(rows, row => data.Positive[row]), (1, 1), AdditiveC, Penalty.L2) { Stop = stop };
        LossState state = new(problem);
        state.MoveTo(LbfgsSolver.Solve(problem).Parameters);
        return state;
    }

    /// <summary>
    /// Σ ½·G² / (H + 1) over cells, where G and H are sums of the first and second derivatives of the loss: what a Newton step of each cell
    /// gains with the penalty ½·w².
    /// </summary>
    private static double Gain(Side first, Side second, LossState state)
    {
        Span<(double Slope, double Curvature)> cells = new (double, double)[(first.Edges.Length + 1) * (second.Edges.Length + 1)];
        int width = second.Edges.Length + 1;
        for (int row = 0; row < first.Bins.Length; row++)
        {
            ref (double Slope, double Curvature) cell = ref cells[(first.Bins[row] * width) + second.Bins[row]];
            cell.Slope += state.Residuals[row];
            cell.Curvature += state.Curvatures[row];
        }

        double gain = 0;
        foreach ((double slope, double curvature) in cells)
        {
            gain += 0.5 * slope * slope / (curvature + 1);
        }

        return gain;
    }

    private static FittedInput Input(DataSet data, Side first, Side second)
    {
        int width = second.Edges.Length + 1;
        return new FittedInput(first.Feature, data.Features[first.Feature], Transform.Pairs, 0, 1, first.Edges)
        {
            Second = second.Feature,
            SecondEdges = second.Edges,
            Cells = [.. first.Bins.Zip(second.Bins, (a, b) => (a * width) + b).Distinct().Order()],
        };
    }

    /// <summary>A feature as a side of tables: its own edges, and the bin of each row.</summary>
    private sealed record Side(int Feature, double[] Edges, byte[] Bins)
    {
        public static Side Of(DataSet data, int feature, int[] rows, int bins)
        {
            double[] column = data.Columns[feature];
            double[] edges = QuantileBins.Edges(Array.ConvertAll(rows, row => column[row]), bins);
            return new Side(feature, edges, Array.ConvertAll(rows, row => (byte)QuantileBins.BinOf(edges, column[row])));
        }
    }
}
