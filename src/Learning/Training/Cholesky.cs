namespace FlowMeter.Learning.Training;

/// <summary>The factor L of a symmetric positive matrix L·Lᵀ, to solve systems with it.</summary>
internal sealed class Cholesky
{
    private readonly double[][] _rows;

    /// <summary>
    /// Factors a matrix in place: takes it over and overwrites its lower triangle. A pivot that rounding made 0 or less is replaced by a
    /// small one.
    /// </summary>
    public Cholesky(double[][] matrix)
    {
        _rows = matrix;
        for (int i = 0; i < matrix.Length; i++)
        {
            double[] row = matrix[i];
            double diagonal = row[i];
            for (int j = 0; j <= i; j++)
            {
                double[] other = matrix[j];
                double sum = row[j];
                for (int k = 0; k < j; k++)
                {
                    sum -= row[k] * other[k];
                }

                row[j] = j < i ? sum / other[j] : Math.Sqrt(Math.Max(sum, Math.Max(diagonal * 1e-14, double.Epsilon)));
            }
        }
    }

    /// <summary>Replaces a vector by the solution of L·Lᵀ·x = vector.</summary>
    public void Solve(Span<double> vector)
    {
        int n = _rows.Length;
        for (int i = 0; i < n; i++)
        {
            double[] row = _rows[i];
            double sum = vector[i];
            for (int k = 0; k < i; k++)
            {
                sum -= row[k] * vector[k];
            }

            vector[i] = sum / row[i];
        }

        for (int i = n - 1; i >= 0; i--)
        {
            double[] row = _rows[i];
            double value = vector[i] / row[i];
            vector[i] = value;
            for (int k = 0; k < i; k++)
            {
                vector[k] -= row[k] * value;
            }
        }
    }
}
