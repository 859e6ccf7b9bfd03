using FlowMeter.Engine.Scoring;
using FlowMeter.Learning.Evaluation;

namespace FlowMeter.Learning.Training;

/// <summary>
/// Fits the weights of a model again, to the same bins and scales: by folds for each C, and at the best of them to all flows. Both classes
/// have the same total weight.
/// </summary>
internal sealed class TuningFit
{
    private readonly TuningData _data;
    private readonly Model _model;
    private readonly FittedInput[] _inputs;
    private readonly CancellationToken _stop;

    /// <summary>Prepares the inputs.</summary>
    public TuningFit(TuningData data, Model model, CancellationToken stop)
    {
        _data = data;
        _model = model;
        _stop = stop;
        int[] rows = data.Flows.AllRows();
        _inputs = [.. model.Features.Select(feature => FittedInput.From(feature, data.Flows, rows))];
    }

    /// <summary>The C of the best mean ROC area over folds, the smallest of equals, and the score of each flow without its fold.</summary>
    /// <param name="cs">Values of C.</param>
    /// <param name="done">Receives the share that is done, from 0 to 1, from any thread.</param>
    public (double C, double Area, double[] Scores) CrossFit(IReadOnlyList<double> cs, Action<double> done)
    {
        double[][] scores = [.. cs.Select(_ => new double[_data.Flows.Count])];
        double[,] areas = new double[cs.Count, TuningOptions.Folds];
        int finished = 0;
        Parallel.For(0, TuningOptions.Folds, new ParallelOptions { CancellationToken = _stop }, fold =>
        {
            int[] train = [.. _data.Flows.AllRows().Where(row => _data.FoldOf[row] != fold)];
            int[] test = [.. _data.Flows.AllRows().Where(row => _data.FoldOf[row] == fold)];
            Design design = Design.Create(_data.Flows, train, _inputs);
            Design unseen = Design.Create(_data.Flows, test, _inputs);
            double[] margins = new double[unseen.Length];
            double[]? start = null;
            for (int c = 0; c < cs.Count; c++)
            {
                start = Solve(design, train, cs[c], start).Parameters;
                unseen.Margins(start, margins);
                for (int i = 0; i < test.Length; i++)
                {
                    scores[c][test[i]] = 1 / (1 + Math.Exp(-margins[i]));
                }

                areas[c, fold] = Ranking.Area(margins[..test.Length], Array.ConvertAll(test, row => _data.Flows.Positive[row]));
                done((double)Interlocked.Increment(ref finished) / (cs.Count * TuningOptions.Folds));
            }
        });
        double[] means = [.. cs.Select((_, c) => Enumerable.Range(0, TuningOptions.Folds).Select(fold => areas[c, fold])
            .Where(area => !double.IsNaN(area)).DefaultIfEmpty(0.5).Average())];
        int best = Enumerable.Range(0, cs.Count).MaxBy(c => Math.Round(means[c], 6));
        return (cs[best], means[best], scores[best]);
    }

    /// <summary>The model with weights and shares of all flows.</summary>
    public (Model Model, Fit Fit) FitAll(double c)
    {
        int[] rows = _data.Flows.AllRows();
        Design design = Design.Create(_data.Flows, rows, _inputs);
        Fit fit = Solve(design, rows, c, null);
        double[] shares = design.Shares();
        double[] Part(double[] all, int i) => all[design.FirstParameters[i]..][.._inputs[i].Parameters];
        Model model = _model with
        {
            Intercept = fit.Parameters[^1],
            Features = [.. _inputs.Select((input, i) => input.ToModelFeature(Part(fit.Parameters, i), Part(shares, i), _data.Flows))],
        };
        bool isKept = KeptColumn.Of(model.Features) != null;
        return (model with { Malicious = isKept ? KeptMalicious.From(model, _data.Flows, rows) : null }, fit);
    }

    private Fit Solve(Design design, int[] rows, double c, double[]? start) => Learner.Solve(
        design, Array.ConvertAll(rows, row => _data.Flows.Positive[row]),
        new GridPoint(FeatureGroup.All, default, Penalty.L2, ClassWeight.Balanced, c), start, _stop);
}
