namespace FlowMeter.Learning.Training;

/// <summary>How weights are held small.</summary>
public enum Penalty
{
    /// <summary>Half the sum of squared weights.</summary>
    L2,

    /// <summary>The sum of the weights' sizes; makes many of them 0.</summary>
    L1,
}

/// <summary>
/// The objective as scikit-learn writes it: C · Σ sᵢ·log(1 + e^(−yᵢ·zᵢ)) + ½·Σw² or Σ|w|, with a weight s for each row by its class. The intercept is not penalised.
/// </summary>
internal sealed class LogisticProblem
{
    /// <summary>States a problem.</summary>
    /// <param name="design">The inputs of the rows.</param>
    /// <param name="positive">Which rows are malicious; as many as the design has rows.</param>
    /// <param name="weights">The weight of a benign and of a malicious row.</param>
    /// <param name="c">C: the weight of the loss against the penalty, above 0.</param>
    /// <param name="penalty">How weights are held small.</param>
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

        // A gradient sums this many rounded terms, of size 1 since columns are standardised: no solver gets below their rounding.
        Tolerance = 1e-6 + (1e-14 * TotalWeight);
    }

    public Design Design { get; }

    /// <summary>Ends the solving, between two steps.</summary>
    public CancellationToken Stop { get; init; }

    public Penalty Penalty { get; }

    public double[] Signs { get; }

    /// <summary>C times the class weight of every row.</summary>
    public double[] Weights { get; }

    public double TotalWeight { get; }

    /// <summary>A solution is one where no entry of the (sub)gradient is larger. With l2 the weights are then that near to the optimum, since the penalty alone curves by 1.</summary>
    public double Tolerance { get; }

    /// <summary>Parameters, the intercept, which comes last, included.</summary>
    public int Dimension => Design.Parameters + 1;

    /// <summary>What the weights cost.</summary>
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

/// <summary>Where a solver ended.</summary>
/// <param name="Parameters">The weights, the intercept last.</param>
/// <param name="Objective">The objective's value.</param>
/// <param name="Violation">The largest entry of the gradient, or of the smallest subgradient.</param>
/// <param name="Iterations">Steps it took.</param>
/// <param name="Converged">Whether it is a solution.</param>
internal sealed record Fit(double[] Parameters, double Objective, double Violation, int Iterations, bool Converged);
