namespace FlowMeter.Learning.Training;

/// <summary>
/// The loss of a problem at one point: the margin of each row, and the first and second derivative of its loss. A step along a direction
/// does not read the design again. All arrays are <see cref="Design.Length"/> long and belong to the state.
/// </summary>
internal sealed class LossState
{
    private readonly LogisticProblem _problem;
    private readonly double[] _trial;

    /// <summary>Allocates the state of a problem; <see cref="MoveTo"/> sets its point.</summary>
    public LossState(LogisticProblem problem)
    {
        _problem = problem;
        int length = problem.Design.Length;
        Margins = new double[length];
        Slopes = new double[length];
        Residuals = new double[length];
        Curvatures = new double[length];
        _trial = new double[length];
    }

    /// <summary>z of each row.</summary>
    public double[] Margins { get; }

    /// <summary>What a step of 1 along the direction adds to each margin.</summary>
    public double[] Slopes { get; }

    /// <summary>The derivative of the loss by the margin of each row.</summary>
    public double[] Residuals { get; }

    /// <summary>The second derivative of the loss by the margin of each row.</summary>
    public double[] Curvatures { get; }

    /// <summary>The loss.</summary>
    public double Loss { get; private set; }

    /// <summary>Sets the point.</summary>
    public void MoveTo(ReadOnlySpan<double> parameters)
    {
        _problem.Design.Margins(parameters, Margins);
        Loss = RowKernel.Loss(Margins, _problem.Signs, _problem.Weights, Residuals, Curvatures);
    }

    /// <summary>Sets the direction of the next steps.</summary>
    public void SetDirection(ReadOnlySpan<double> direction) => _problem.Design.Margins(direction, Slopes);

    /// <summary>
    /// The loss and its slope at a step along the direction. Residuals and curvatures become those of that point; margins stay.
    /// </summary>
    public (double Loss, double Slope) Evaluate(double step)
    {
        Margins.CopyTo(_trial, 0);
        RowKernel.AddScaled(Slopes, step, _trial);
        double loss = RowKernel.Loss(_trial, _problem.Signs, _problem.Weights, Residuals, Curvatures);
        return (loss, RowKernel.Dot(Residuals, Slopes));
    }

    /// <summary>The second derivative of the loss along the direction, where residuals and curvatures are of.</summary>
    public double CurvatureAlong() => RowKernel.WeightedSquares(Curvatures, Slopes);

    /// <summary>Takes the step that was evaluated last.</summary>
    /// <param name="loss">The loss there.</param>
    public void Accept(double loss)
    {
        _trial.CopyTo(Margins, 0);
        Loss = loss;
    }
}
