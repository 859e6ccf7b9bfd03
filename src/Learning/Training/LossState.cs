namespace FlowMeter.Learning.Training;

/// <summary>The loss of a problem around one point: margins, and the loss's first and second derivative of each row. Moving along a line costs no look at the design.</summary>
internal sealed class LossState
{
    private readonly LogisticProblem _problem;
    private readonly double[] _trial;

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

    public double[] Margins { get; }

    /// <summary>What a step along the direction adds to the margins.</summary>
    public double[] Slopes { get; }

    public double[] Residuals { get; }

    public double[] Curvatures { get; }

    /// <summary>The loss.</summary>
    public double Loss { get; private set; }

    /// <summary>Goes to a point.</summary>
    public void MoveTo(ReadOnlySpan<double> parameters)
    {
        _problem.Design.Margins(parameters, Margins);
        Loss = RowKernel.Loss(Margins, _problem.Signs, _problem.Weights, Residuals, Curvatures);
    }

    /// <summary>Sets the direction of the next steps.</summary>
    public void Face(ReadOnlySpan<double> direction) => _problem.Design.Margins(direction, Slopes);

    /// <summary>The loss, its slope and its curvature a step further along the direction. Residuals and curvatures become those of that place; margins stay.</summary>
    public (double Loss, double Slope, double Curvature) Look(double step)
    {
        Margins.CopyTo(_trial, 0);
        RowKernel.AddScaled(Slopes, step, _trial);
        double loss = RowKernel.Loss(_trial, _problem.Signs, _problem.Weights, Residuals, Curvatures);
        double slope = RowKernel.Dot(Residuals, Slopes);
        double curvature = 0;
        for (int i = 0; i < Slopes.Length; i++)
        {
            curvature += Curvatures[i] * Slopes[i] * Slopes[i];
        }

        return (loss, slope, curvature);
    }

    /// <summary>Takes the step last looked at.</summary>
    public void Step(double loss)
    {
        _trial.CopyTo(Margins, 0);
        Loss = loss;
    }
}
