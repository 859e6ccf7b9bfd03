using FlowMeter.Engine.Scoring;
using FlowMeter.Learning.Data;

namespace FlowMeter.Learning.Training;

/// <summary>
/// The design matrix of some rows: a dense column for each standardised feature, bin numbers for each binned one, whose indicator columns are never written out. Parameters are the weights of
/// the dense columns, then those of all bins, then the intercept.
/// </summary>
internal sealed class Design
{
    private readonly double[][] _dense;
    private readonly BinColumn[] _binned;

    private Design(int rows, double[][] dense, BinColumn[] binned, FittedInput[] inputs, int[] firstParameters, int parameters)
    {
        Rows = rows;
        _dense = dense;
        _binned = binned;
        Inputs = inputs;
        FirstParameters = firstParameters;
        Parameters = parameters;
    }

    /// <summary>Number of rows.</summary>
    public int Rows { get; }

    /// <summary>Length of a column: rows and what pads them.</summary>
    public int Length => RowKernel.Padded(Rows);

    /// <summary>The features, in the model's order.</summary>
    public FittedInput[] Inputs { get; }

    /// <summary>The first parameter of each of <see cref="Inputs"/>.</summary>
    public int[] FirstParameters { get; }

    /// <summary>Weights; the intercept comes behind them.</summary>
    public int Parameters { get; }

    /// <summary>Lays out rows for inputs that were fitted before, on these or on other rows.</summary>
    public static Design Of(DataSet data, int[] rows, FittedInput[] inputs)
    {
        int[] firstParameters = new int[inputs.Length];
        List<double[]> dense = [];
        List<BinColumn> binned = [];
        int parameters = inputs.Count(input => input.Transform != Transform.Bins);
        for (int i = 0; i < inputs.Length; i++)
        {
            FittedInput input = inputs[i];
            double[] source = data.Columns[input.Feature];
            if (input.Transform == Transform.Bins)
            {
                firstParameters[i] = parameters;
                binned.Add(new BinColumn(Array.ConvertAll(rows, row => (byte)QuantileBins.BinOf(input.Edges, source[row])), input.Parameters, parameters));
                parameters += input.Parameters;
                continue;
            }

            firstParameters[i] = dense.Count;
            double[] column = new double[RowKernel.Padded(rows.Length)];
            FittedInput.Gather(source, rows, column);
            if (input.Transform == Transform.Log1P)
            {
                RowKernel.SignedLog1P(column);
            }

            for (int row = 0; row < rows.Length; row++)
            {
                column[row] = (column[row] - input.Centre) / input.Scale;
            }

            dense.Add(column);
        }

        return new Design(rows.Length, [.. dense], [.. binned], inputs, firstParameters, parameters);
    }

    /// <summary>z = intercept + the shares of all columns.</summary>
    /// <param name="weights">All parameters, the intercept last.</param>
    /// <param name="margins">Receives z; <see cref="Length"/> long.</param>
    public void Margins(ReadOnlySpan<double> weights, Span<double> margins)
    {
        margins.Fill(weights[Parameters]);
        for (int j = 0; j < _dense.Length; j++)
        {
            if (weights[j] != 0)
            {
                RowKernel.AddScaled(_dense[j], weights[j], margins);
            }
        }

        foreach (BinColumn column in _binned)
        {
            column.AddWeights(weights[column.FirstParameter..], margins);
        }
    }

    /// <summary>The sum over rows of a value of each row times the design's columns; the intercept's, last, is the sum of the values.</summary>
    public void Transposed(ReadOnlySpan<double> values, Span<double> sums)
    {
        for (int j = 0; j < _dense.Length; j++)
        {
            sums[j] = RowKernel.Dot(_dense[j], values);
        }

        foreach (BinColumn column in _binned)
        {
            column.AddUp(values, sums.Slice(column.FirstParameter, column.Bins));
        }

        double sum = 0;
        foreach (double value in values)
        {
            sum += value;
        }

        sums[Parameters] = sum;
    }

    /// <summary>The diagonal of Xᵀ·diag(curvature)·X, the intercept's entry last.</summary>
    public void HessianDiagonal(ReadOnlySpan<double> curvatures, Span<double> diagonal, double[] scratch)
    {
        Transposed(curvatures, diagonal);
        for (int j = 0; j < _dense.Length; j++)
        {
            Multiply(_dense[j], curvatures, scratch);
            diagonal[j] = RowKernel.Dot(_dense[j], scratch);
        }
    }

    /// <summary>A column of Xᵀ·diag(curvature)·X.</summary>
    public void HessianColumn(int parameter, ReadOnlySpan<double> curvatures, Span<double> column, double[] scratch)
    {
        if (parameter == Parameters)
        {
            Transposed(curvatures, column);
            return;
        }

        if (parameter < _dense.Length)
        {
            Multiply(_dense[parameter], curvatures, scratch);
            Transposed(scratch, column);
            return;
        }

        BinColumn binned = _binned.Last(candidate => candidate.FirstParameter <= parameter);
        ReadOnlySpan<int> rows = binned.RowsOf(parameter - binned.FirstParameter);
        column.Clear();
        double sum = 0;
        foreach (int row in rows)
        {
            sum += curvatures[row];
        }

        column[Parameters] = sum;
        for (int j = 0; j < _dense.Length; j++)
        {
            double[] values = _dense[j];
            double products = 0;
            foreach (int row in rows)
            {
                products += values[row] * curvatures[row];
            }

            column[j] = products;
        }

        foreach (BinColumn other in _binned)
        {
            other.AddUp(rows, curvatures, column[other.FirstParameter..]);
        }
    }

    private static void Multiply(double[] column, ReadOnlySpan<double> factors, double[] into)
    {
        for (int i = 0; i < into.Length; i++)
        {
            into[i] = column[i] * factors[i];
        }
    }
}
