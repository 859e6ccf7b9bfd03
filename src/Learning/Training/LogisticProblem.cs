namespace FlowMeter.Learning.Training;

/// <summary>
/// The objective of a logistic regression, as in scikit-learn: C · Σ sᵢ·log(1 + e^(−yᵢ·zᵢ)) + ½·Σw² or Σ|w|, with a weight s for each row
/// by its class. The intercept is not penalised. Nothing changes after construction.
/// </summary>
internal sealed class LogisticProblem
{
    /// <summary>Creates a problem.</summary>
    /// <param name="design">The inputs of the rows.</param>
    /// <param name="positive">Which rows are malicious; as many as the design has rows.</param>
    /// <param name="weights">The weight of a benign and of a malicious row.</param>
    /// <param name="c">C: the weight of the loss against the penalty, above 0.</param>
    /// <param name="penalty">The penalty on weights.</param>
    public LogisticProblem(Design design, ReadOnlySpan<bool> positive, (double Benign, double Malicious) weights, double c, Penalty penalty)
    {
        Design = design;
        Penalty = penalty;
        Signs = new double[design.Length];
        Weights = new double[design.Length];
        for (int i = 0; i < positive.Length; i++)
        {
            Signs[i] = positive[i] ? 1 : -1;
            Weights[i] = c * (positive[i] ? weights.Malicious : weights.Benign);
            TotalWeight += Weights[i];
        }

        // A gradient sums rounded terms of this total weight, of size 1 since columns are standardised: no solver gets below their
        // rounding.
        Tolerance = 1e-6 + (1e-14 * TotalWeight);
    }

    /// <summary>The inputs of the rows.</summary>
    public Design Design { get; }

    /// <summary>Cancels the solver between two iterations.</summary>
    public CancellationToken Stop { get; init; }

    /// <summary>The penalty on weights.</summary>
    public Penalty Penalty { get; }

    /// <summary>y of each row: 1 for malicious, -1 for benign, 0 in the padding.</summary>
    public double[] Signs { get; }

    /// <summary>C times the class weight of each row; 0 in the padding.</summary>
    public double[] Weights { get; }

    /// <summary>The sum of <see cref="Weights"/>.</summary>
    public double TotalWeight { get; }

    /// <summary>
    /// The largest entry of the (sub)gradient that a solution may have. With l2 the weights are then that near to the optimum, since the
    /// penalty alone has a curvature of 1.
    /// </summary>
    public double Tolerance { get; }

    /// <summary>Number of parameters, with the intercept, which is last.</summary>
    public int Dimension => Design.Parameters + 1;

    /// <summary>The penalty at these parameters.</summary>
    public double PenaltyOf(ReadOnlySpan<double> parameters)
    {
        double sum = 0;
        foreach (double weight in parameters[..Design.Parameters])
        {
            sum += Penalty == Penalty.L2 ? 0.5 * weight * weight : Math.Abs(weight);
        }

        return sum;
    }
}
