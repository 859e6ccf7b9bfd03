namespace FlowMeter.Learning.Training;

/// <summary>
/// Coordinate descent for the l1 penalty, on a quadratic model of the loss that is computed anew in each iteration (proximal Newton:
/// Friedman, Hastie and Tibshirani 2010, JSS 33; Yuan, Ho and Lin 2012, JMLR 13). Columns of the Hessian are computed when a coordinate
/// first moves, so features whose weight stays 0 cost almost nothing.
/// </summary>
internal sealed class ProximalNewtonSolver
{
    private const int MaxIterations = 200;
    private const double MaxWork = 5e8;
    private const int SweepsBeforeJump = 20;
    private const int MaxJump = 400;

    private readonly LogisticProblem _problem;
    private readonly LossState _state;
    private readonly double[] _point;
    private readonly double[] _gradient;
    private readonly double[] _direction;
    private readonly double[] _product;
    private readonly double[] _diagonal;
    private readonly double[]?[] _columns;
    private readonly List<double[]> _spare = [];
    private readonly double[] _scratch;

    private ProximalNewtonSolver(LogisticProblem problem, double[]? start)
    {
        int n = problem.Dimension;
        _problem = problem;
        _state = new LossState(problem);
        _point = start == null ? new double[n] : (double[])start.Clone();
        _gradient = new double[n];
        _direction = new double[n];
        _product = new double[n];
        _diagonal = new double[n];
        _columns = new double[]?[n];
        _scratch = new double[problem.Design.Length];
    }

    /// <summary>Solves a problem with penalty l1.</summary>
    /// <param name="problem">The problem.</param>
    /// <param name="start">Parameters to start from, the intercept last; copied. Null for zeros.</param>
    /// <exception cref="OperationCanceledException">The problem was cancelled.</exception>
    public static Fit Solve(LogisticProblem problem, double[]? start = null) => new ProximalNewtonSolver(problem, start).Run();

    private Fit Run()
    {
        int iteration = 0;
        double violation;
        while (true)
        {
            _problem.Stop.ThrowIfCancellationRequested();
            _state.MoveTo(_point);
            _problem.Design.Transposed(_state.Residuals, _gradient);
            violation = Violation();
            if (violation <= _problem.Tolerance || iteration == MaxIterations)
            {
                break;
            }

            // The nearer the optimum, the more exact the step: that keeps Newton's rate of convergence without solving the first models
            // exactly.
            Descend(0.1 * Math.Min(1, violation * violation));
            iteration++;
            if (!Advance())
            {
                break;
            }
        }

        return new Fit(_point, _state.Loss + _problem.PenaltyOf(_point), violation, iteration, violation <= 10 * _problem.Tolerance);
    }

    /// <summary>The largest entry of the smallest subgradient: 0 at the optimum (the Karush-Kuhn-Tucker conditions).</summary>
    private double Violation()
    {
        double largest = Math.Abs(_gradient[^1]);
        for (int j = 0; j < _point.Length - 1; j++)
        {
            double weight = _point[j];
            largest = Math.Max(largest, weight == 0 ? Math.Abs(_gradient[j]) - 1 : Math.Abs(_gradient[j] + Math.Sign(weight)));
        }

        return largest;
    }

    /// <summary>Minimises the quadratic model: the direction, and the Hessian times it.</summary>
    private void Descend(double tolerance)
    {
        int n = _point.Length;
        Array.Clear(_direction);
        Array.Clear(_product);
        for (int j = 0; j < n; j++)
        {
            if (_columns[j] is { } used)
            {
                _spare.Add(used);
                _columns[j] = null;
            }
        }

        _problem.Design.HessianDiagonal(_state.Curvatures, _diagonal, _scratch);
        tolerance = Math.Max(tolerance, 0.1 * _problem.Tolerance);
        List<int> active = [];
        double work = 0;
        while (work < MaxWork)
        {
            // All coordinates once, then those that are not 0 until they no longer move, then all again.
            double change = 0;
            active.Clear();
            for (int j = n - 1; j >= 0; j--)
            {
                change = Math.Max(change, Move(j));
                if (_point[j] + _direction[j] != 0 || j == n - 1)
                {
                    active.Add(j);
                }
            }

            work += (double)n * (active.Count + 1);
            if (change <= tolerance)
            {
                return;
            }

            int sweeps = 0;
            for (double inner = double.PositiveInfinity; inner > tolerance && work < MaxWork; work += (double)n * active.Count)
            {
                inner = 0;
                if (++sweeps % SweepsBeforeJump == 0 && active.Count <= MaxJump)
                {
                    Jump(active);
                }

                foreach (int j in active)
                {
                    inner = Math.Max(inner, Move(j));
                }
            }
        }
    }

    /// <summary>Minimises the model along one coordinate. Returns the step times the curvature: by how much its gradient was off.</summary>
    private double Move(int j)
    {
        double curvature = Math.Max(_diagonal[j], 1e-12);
        double gradient = _gradient[j] + _product[j];
        double now = _point[j] + _direction[j];
        double target = now - (gradient / curvature);
        if (j < _point.Length - 1)
        {
            double threshold = 1 / curvature;
            target = target > threshold ? target - threshold : target < -threshold ? target + threshold : 0;
        }

        double step = target - now;
        if (step == 0)
        {
            return 0;
        }

        double[] column = _columns[j] ??= Column(j);
        _direction[j] += step;
        if (target == 0)
        {
            // Exactly 0, whatever rounding made of the sums.
            _direction[j] = -_point[j];
        }

        for (int k = 0; k < column.Length; k++)
        {
            _product[k] += step * column[k];
        }

        return Math.Abs(step) * curvature;
    }

    /// <summary>
    /// Moves to the minimum of the model among points with the same signs, or as far as no sign changes. Coordinate descent approaches it
    /// in ever smaller steps where coordinates depend on each other. The model never increases on the way.
    /// </summary>
    private void Jump(List<int> active)
    {
        int[] moving = [.. active.Where(j => j == _point.Length - 1 || _point[j] + _direction[j] != 0)];
        double[][] hessian = new double[moving.Length][];
        double[] step = new double[moving.Length];
        for (int i = 0; i < moving.Length; i++)
        {
            int j = moving[i];
            double[] column = _columns[j] ??= Column(j);
            hessian[i] = [.. moving.Select(other => column[other])];
            hessian[i][i] *= 1 + 1e-10;
            step[i] = -(_gradient[j] + _product[j] + (j < _point.Length - 1 ? Math.Sign(_point[j] + _direction[j]) : 0));
        }

        new Cholesky(hessian).Solve(step);
        double share = 1;
        int blocking = -1;
        for (int i = 0; i < moving.Length; i++)
        {
            double now = _point[moving[i]] + _direction[moving[i]];
            if (!double.IsFinite(step[i]))
            {
                return;
            }

            if (moving[i] < _point.Length - 1 && now * (now + (share * step[i])) < 0)
            {
                share = -now / step[i];
                blocking = moving[i];
            }
        }

        for (int i = 0; i < moving.Length; i++)
        {
            int j = moving[i];
            double before = _direction[j];
            _direction[j] = j == blocking ? -_point[j] : before + (share * step[i]);
            double moved = _direction[j] - before;
            double[] column = _columns[j]!;
            for (int k = 0; k < column.Length; k++)
            {
                _product[k] += moved * column[k];
            }
        }
    }

    private double[] Column(int j)
    {
        double[] column = new double[_point.Length];
        if (_spare.Count > 0)
        {
            column = _spare[^1];
            _spare.RemoveAt(_spare.Count - 1);
        }

        _problem.Design.HessianColumn(j, _state.Curvatures, column, _scratch);
        return column;
    }

    /// <summary>
    /// Line search: halves the step until the objective decreases as the model promises. False if it never does: only rounding is left.
    /// </summary>
    private bool Advance()
    {
        int weights = _point.Length - 1;
        double penalty = _problem.PenaltyOf(_point);
        double promised = _gradient[weights] * _direction[weights];
        double full = 0;
        for (int j = 0; j < weights; j++)
        {
            promised += _gradient[j] * _direction[j];
            full += Math.Abs(_point[j] + _direction[j]);
        }

        promised += full - penalty;
        double value = _state.Loss;
        double rounding = 1e-15 * (Math.Abs(value) + penalty);
        _state.SetDirection(_direction);
        double step = 1;
        for (int trial = 0; trial < 40; trial++, step /= 2)
        {
            double penaltyThere = 0;
            for (int j = 0; j < weights; j++)
            {
                penaltyThere += Math.Abs(_point[j] + (step * _direction[j]));
            }

            double change = _state.Evaluate(step).Loss - value + penaltyThere - penalty;
            if (change <= (1e-4 * step * promised) + rounding)
            {
                for (int j = 0; j < _point.Length; j++)
                {
                    _point[j] = step == 1 && _direction[j] == -_point[j] ? 0 : _point[j] + (step * _direction[j]);
                }

                return true;
            }
        }

        return false;
    }
}
