namespace FlowMeter.Learning.Training;

/// <summary>
/// L-BFGS for the l2 penalty (Nocedal and Wright, Numerical Optimization, algorithm 7.4). Up to 200 parameters its initial metric is the
/// Hessian at an earlier point, by its Cholesky factor: flow statistics are so correlated that this takes ten iterations where multiples of
/// the identity take thousands. Beyond, designs are of bins, and the penalty's curvature of 1 is most of the spectrum: there the multiple
/// s'y / y'y of the identity takes a fourth of the iterations that a diagonal takes, which would pull that spectrum apart.
/// </summary>
internal sealed class LbfgsSolver
{
    private const int History = 30;
    private const int MaxFactored = 200;
    private const int MetricAge = 12;
    private const int MaxIterations = 5000;

    // The share of the slope that a step may leave. Steps of 1 nearly always do, and a closer search costs more than it saves.
    private const double SlopeLeft = 0.9;

    private readonly LogisticProblem _problem;
    private readonly LossState _state;
    private readonly int _length;
    private readonly double[] _point;
    private readonly double[] _gradient;
    private readonly double[] _before;
    private readonly double[] _direction;
    private readonly List<(double[] Step, double[] Change, double Rho)> _history = [];
    private Cholesky? _metric;
    private int _metricAge;

    private LbfgsSolver(LogisticProblem problem, double[]? start)
    {
        _problem = problem;
        _state = new LossState(problem);
        _length = problem.Dimension;

        // Padded as rows are, so that the kernels of rows serve here, too.
        int padded = RowKernel.Padded(_length);
        _point = new double[padded];
        _gradient = new double[padded];
        _before = new double[padded];
        _direction = new double[padded];
        start?.CopyTo(_point, 0);
    }

    private Span<double> Point => _point.AsSpan(0, _length);

    /// <summary>Solves a problem with penalty l2.</summary>
    /// <param name="problem">The problem.</param>
    /// <param name="start">Parameters to start from, the intercept last; copied. Null for zeros.</param>
    /// <exception cref="OperationCanceledException">The problem was cancelled.</exception>
    public static Fit Solve(LogisticProblem problem, double[]? start = null) => new LbfgsSolver(problem, start).Run();

    private Fit Run()
    {
        double violation = MoveHere();
        Restart();
        int iteration = 0;
        while (violation > _problem.Tolerance && iteration < MaxIterations)
        {
            _problem.Stop.ThrowIfCancellationRequested();
            if (_metricAge >= MetricAge && _metric != null)
            {
                Restart();
            }

            SetDirection();
            _gradient.CopyTo(_before, 0);
            if (!Advance(out double step))
            {
                if (_metricAge == 0)
                {
                    break;
                }

                // The history is misleading, or the step is below rounding: try once more without it, then give up.
                violation = MoveHere();
                Restart();
                continue;
            }

            violation = SetGradient();
            if (violation <= _problem.Tolerance)
            {
                // Margins were updated step by step; convergence is decided with newly computed ones.
                violation = MoveHere();
            }

            Remember(step);
            iteration++;
            _metricAge++;
        }

        double[] parameters = Point.ToArray();
        return new Fit(
            parameters, _state.Loss + _problem.PenaltyOf(parameters), violation, iteration, violation <= 10 * _problem.Tolerance);
    }

    private double MoveHere()
    {
        _state.MoveTo(Point);
        return SetGradient();
    }

    /// <summary>The gradient at the point of the state. Returns its largest entry.</summary>
    private double SetGradient()
    {
        _problem.Design.Transposed(_state.Residuals, _gradient.AsSpan(0, _length));
        double largest = Math.Abs(_gradient[_length - 1]);
        for (int j = 0; j < _length - 1; j++)
        {
            _gradient[j] += _point[j];
            largest = Math.Max(largest, Math.Abs(_gradient[j]));
        }

        return largest;
    }

    /// <summary>Forgets the history; factors the Hessian at the point of the state where it is small enough.</summary>
    private void Restart()
    {
        _history.Clear();
        _metricAge = 0;
        if (_length > MaxFactored)
        {
            return;
        }

        double[][] hessian = new double[_length][];
        double[] scratch = new double[_problem.Design.Length];
        for (int j = 0; j < _length; j++)
        {
            hessian[j] = new double[_length];
            _problem.Design.HessianColumn(j, _state.Curvatures, hessian[j], scratch);
            hessian[j][j] += j < _length - 1 ? 1 : 1e-9;
        }

        _metric = new Cholesky(hessian);
    }

    /// <summary>The two-loop recursion: direction = −H·gradient.</summary>
    private void SetDirection()
    {
        Span<double> shares = stackalloc double[History];
        _gradient.CopyTo(_direction, 0);
        for (int i = _history.Count - 1; i >= 0; i--)
        {
            (double[] step, double[] change, double rho) = _history[i];
            shares[i] = rho * RowKernel.Dot(step, _direction);
            RowKernel.AddScaled(change, -shares[i], _direction);
        }

        if (_metric != null)
        {
            _metric.Solve(_direction.AsSpan(0, _length));
        }
        else if (_history.Count > 0)
        {
            (_, double[] change, double rho) = _history[^1];
            double scale = 1 / (rho * RowKernel.Dot(change, change));
            foreach (ref double value in _direction.AsSpan())
            {
                value *= scale;
            }
        }

        for (int i = 0; i < _history.Count; i++)
        {
            (double[] step, double[] change, double rho) = _history[i];
            RowKernel.AddScaled(step, shares[i] - (rho * RowKernel.Dot(change, _direction)), _direction);
        }

        foreach (ref double value in _direction.AsSpan())
        {
            value = -value;
        }
    }

    /// <summary>
    /// Line search: a step that satisfies the strong Wolfe conditions, by Newton's method within a bracket. False if there is none.
    /// </summary>
    private bool Advance(out double step)
    {
        int weights = _length - 1;
        double slope = RowKernel.Dot(_gradient, _direction);
        double intercept = _direction[weights];
        double squared = RowKernel.Dot(_direction, _direction) - (intercept * intercept);
        double cross = RowKernel.Dot(_point, _direction) - (intercept * _point[weights]);
        double value = _state.Loss;
        step = 1;
        if (!(slope < 0) || !double.IsFinite(slope))
        {
            return false;
        }

        _state.SetDirection(_direction.AsSpan(0, _length));
        if (_history.Count == 0 && _metric == null)
        {
            // Nothing says yet how long a step along the gradient is.
            step = -slope / (_state.CurvatureAlong() + squared);
        }

        double low = 0;
        double high = double.PositiveInfinity;
        double rounding = 1e-14 * (Math.Abs(value) + _problem.PenaltyOf(Point));
        for (int trial = 0; trial < 40; trial++)
        {
            (double loss, double lossSlope) = _state.Evaluate(step);
            double change = loss - value + (step * cross) + (0.5 * step * step * squared);
            double slopeHere = lossSlope + cross + (step * squared);
            if (Math.Abs(slopeHere) <= SlopeLeft * -slope && change <= (1e-4 * step * slope) + rounding)
            {
                _state.Accept(loss);
                RowKernel.AddScaled(_direction, step, _point);
                return true;
            }

            (low, high) = slopeHere > 0 || !double.IsFinite(slopeHere) || change > rounding ? (low, step) : (step, high);
            double newton = step - (slopeHere / (_state.CurvatureAlong() + squared));
            step = newton > low && newton < high ? newton : double.IsInfinity(high) ? 2 * step : (low + high) / 2;
        }

        return false;
    }

    private void Remember(double step)
    {
        (double[] moved, double[] change) = (new double[_point.Length], new double[_point.Length]);
        if (_history.Count == History)
        {
            (moved, change, _) = _history[0];
            _history.RemoveAt(0);
        }

        for (int j = 0; j < moved.Length; j++)
        {
            moved[j] = step * _direction[j];
            change[j] = _gradient[j] - _before[j];
        }

        double product = RowKernel.Dot(moved, change);
        if (product > 1e-300)
        {
            _history.Add((moved, change, 1 / product));
        }
    }
}
