namespace FlowMeter.Learning.Training;

/// <summary>
/// L-BFGS for the l2 penalty (Nocedal and Wright, Numerical Optimization, algorithm 7.4). Its initial metric is the Hessian at an earlier
/// point, by its Cholesky factor up to 200 parameters and by its diagonal beyond: flow statistics are so correlated that this takes ten
/// iterations where the usual multiple of the identity takes thousands.
/// </summary>
internal static class LbfgsSolver
{
    private const int History = 12;
    private const int MaxFactored = 200;
    private const int MetricAge = 12;
    private const int MaxIterations = 5000;

    /// <summary>Solves a problem with penalty l2.</summary>
    /// <param name="problem">The problem.</param>
    /// <param name="start">Parameters to start from, the intercept last; copied. Null for zeros.</param>
    /// <exception cref="OperationCanceledException">The problem was cancelled.</exception>
    public static Fit Solve(LogisticProblem problem, double[]? start = null)
    {
        int n = problem.Dimension;
        double[] point = start == null ? new double[n] : (double[])start.Clone();
        double[] gradient = new double[n];
        double[] direction = new double[n];
        LossState state = new(problem);
        state.MoveTo(point);
        double violation = Gradient(problem, state, point, gradient);
        List<(double[] Step, double[] Change, double Rho)> history = [];
        Action<double[]> metric = Metric(problem, state);
        int metricAge = 0;
        int iteration = 0;
        while (violation > problem.Tolerance && iteration < MaxIterations)
        {
            problem.Stop.ThrowIfCancellationRequested();
            if (metricAge >= MetricAge && n <= MaxFactored)
            {
                metric = Metric(problem, state);
                history.Clear();
                metricAge = 0;
            }

            Direction(gradient, history, metric, direction);
            double[] before = (double[])gradient.Clone();
            if (!Advance(problem, state, point, gradient, direction, out double step))
            {
                if (metricAge == 0)
                {
                    break;
                }

                // The history is misleading, or the step is below rounding: try once more with a new metric, then give up.
                state.MoveTo(point);
                violation = Gradient(problem, state, point, gradient);
                metric = Metric(problem, state);
                history.Clear();
                metricAge = 0;
                continue;
            }

            violation = Gradient(problem, state, point, gradient);
            if (violation <= problem.Tolerance)
            {
                // Margins were updated step by step; convergence is decided with newly computed ones.
                state.MoveTo(point);
                violation = Gradient(problem, state, point, gradient);
            }

            Remember(history, direction, step, before, gradient);
            iteration++;
            metricAge++;
        }

        return new Fit(point, state.Loss + problem.PenaltyOf(point), violation, iteration, violation <= 10 * problem.Tolerance);
    }

    private static double Gradient(LogisticProblem problem, LossState state, double[] point, double[] gradient)
    {
        problem.Design.Transposed(state.Residuals, gradient);
        double largest = Math.Abs(gradient[^1]);
        for (int j = 0; j < point.Length - 1; j++)
        {
            gradient[j] += point[j];
            largest = Math.Max(largest, Math.Abs(gradient[j]));
        }

        return largest;
    }

    /// <summary>A function that multiplies a vector by the inverse of the Hessian at the point of the state, or of its diagonal.</summary>
    private static Action<double[]> Metric(LogisticProblem problem, LossState state)
    {
        int n = problem.Dimension;
        double[] scratch = new double[problem.Design.Length];
        double[] diagonal = new double[n];
        if (n > MaxFactored)
        {
            problem.Design.HessianDiagonal(state.Curvatures, diagonal, scratch);
            for (int j = 0; j < n; j++)
            {
                diagonal[j] = 1 / (diagonal[j] + (j < n - 1 ? 1 : 1e-9));
            }

            return vector =>
            {
                for (int j = 0; j < n; j++)
                {
                    vector[j] *= diagonal[j];
                }
            };
        }

        double[][] hessian = new double[n][];
        for (int j = 0; j < n; j++)
        {
            hessian[j] = new double[n];
            problem.Design.HessianColumn(j, state.Curvatures, hessian[j], scratch);
            hessian[j][j] += j < n - 1 ? 1 : 1e-9;
        }

        Cholesky factor = new(hessian);
        return vector => factor.Solve(vector);
    }

    /// <summary>The two-loop recursion: direction = −H·gradient.</summary>
    private static void Direction(
        double[] gradient, List<(double[] Step, double[] Change, double Rho)> history, Action<double[]> metric, double[] direction)
    {
        Span<double> shares = stackalloc double[History];
        gradient.CopyTo(direction, 0);
        for (int i = history.Count - 1; i >= 0; i--)
        {
            (double[] step, double[] change, double rho) = history[i];
            shares[i] = rho * Dot(step, direction);
            Add(direction, -shares[i], change);
        }

        metric(direction);
        for (int i = 0; i < history.Count; i++)
        {
            (double[] step, double[] change, double rho) = history[i];
            Add(direction, shares[i] - (rho * Dot(change, direction)), step);
        }

        for (int j = 0; j < direction.Length; j++)
        {
            direction[j] = -direction[j];
        }
    }

    /// <summary>
    /// Line search: a step that satisfies the strong Wolfe conditions, by Newton's method within a bracket. False if there is none.
    /// </summary>
    private static bool Advance(
        LogisticProblem problem, LossState state, double[] point, double[] gradient, double[] direction, out double step)
    {
        int weights = point.Length - 1;
        double slope = Dot(gradient, direction);
        double squared = Dot(direction.AsSpan(0, weights), direction.AsSpan(0, weights));
        double cross = Dot(point.AsSpan(0, weights), direction.AsSpan(0, weights));
        double value = state.Loss;
        step = 1;
        if (!(slope < 0) || !double.IsFinite(slope))
        {
            return false;
        }

        state.SetDirection(direction);
        double low = 0;
        double high = double.PositiveInfinity;
        double rounding = 1e-14 * (Math.Abs(value) + problem.PenaltyOf(point));
        for (int trial = 0; trial < 40; trial++)
        {
            (double loss, double lossSlope, double lossCurvature) = state.Evaluate(step);
            double change = loss - value + (step * cross) + (0.5 * step * step * squared);
            double slopeHere = lossSlope + cross + (step * squared);
            if (Math.Abs(slopeHere) <= 0.5 * -slope && change <= (1e-4 * step * slope) + rounding)
            {
                state.Accept(loss);
                Add(point, step, direction);
                return true;
            }

            (low, high) = slopeHere > 0 || !double.IsFinite(slopeHere) || change > rounding ? (low, step) : (step, high);
            double newton = step - (slopeHere / (lossCurvature + squared));
            step = newton > low && newton < high ? newton : double.IsInfinity(high) ? 2 * step : (low + high) / 2;
        }

        return false;
    }

    private static void Remember(
        List<(double[] Step, double[] Change, double Rho)> history, double[] direction, double step, double[] before, double[] gradient)
    {
        double[] moved = new double[direction.Length];
        double[] change = new double[direction.Length];
        for (int j = 0; j < moved.Length; j++)
        {
            moved[j] = step * direction[j];
            change[j] = gradient[j] - before[j];
        }

        double product = Dot(moved, change);
        if (product > 1e-300)
        {
            if (history.Count == History)
            {
                history.RemoveAt(0);
            }

            history.Add((moved, change, 1 / product));
        }
    }

    private static double Dot(ReadOnlySpan<double> left, ReadOnlySpan<double> right)
    {
        double sum = 0;
        for (int i = 0; i < left.Length; i++)
        {
            sum += left[i] * right[i];
        }

        return sum;
    }

    private static void Add(double[] target, double factor, double[] values)
    {
        for (int i = 0; i < target.Length; i++)
        {
            target[i] += factor * values[i];
        }
    }
}
