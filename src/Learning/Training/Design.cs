using FlowMeter.Engine.Scoring;
using FlowMeter.Learning.Data;

namespace FlowMeter.Learning.Training;

/// <summary>
/// The design matrix X of some rows: a dense column for each standardised feature, and for each binned feature the bin of each row in place
/// of indicator columns, packed as <see cref="IndicatorBlock"/> has it. Parameters are the weights of the dense columns, then those of all
/// bins, then the intercept. Dense columns are padded with zeros to <see cref="Length"/> rows. Any thread may read a design.
/// </summary>
internal sealed class Design
{
    private readonly double[][] _dense;
    private readonly IndicatorBlock[] _blocks;
    private IndicatorRows? _rowsOf;

    private Design(int rows, double[][] dense, IndicatorBlock[] blocks, FittedInput[] inputs, int[] firstParameters, int parameters)
    {
        Rows = rows;
        _dense = dense;
        _blocks = blocks;
        Inputs = inputs;
        FirstParameters = firstParameters;
        Parameters = parameters;
    }

    /// <summary>Number of rows.</summary>
    public int Rows { get; }

    /// <summary>Length of a column: the rows and their padding.</summary>
    public int Length => RowKernel.Padded(Rows);

    /// <summary>The features, in the order of the model.</summary>
    public FittedInput[] Inputs { get; }

    /// <summary>The first parameter of each of <see cref="Inputs"/>.</summary>
    public int[] FirstParameters { get; }

    /// <summary>Number of weights, and so the index of the intercept behind them.</summary>
    public int Parameters { get; }

    /// <summary>Creates the design of some rows, for inputs that were fitted to these or to other rows.</summary>
    public static Design Create(DataSet data, int[] rows, FittedInput[] inputs)
    {
        int[] firstParameters = new int[inputs.Length];
        List<double[]> dense = [];
        List<IndicatorColumn> binned = [];
        List<IndicatorBlock> hashed = [];
        int parameters = inputs.Count(input => input.Transform is Transform.Identity or Transform.Log1P);
        for (int i = 0; i < inputs.Length; i++)
        {
            FittedInput input = inputs[i];
            double[] source = data.Columns[input.Feature];
            if (input.Transform is not (Transform.Identity or Transform.Log1P))
            {
                firstParameters[i] = parameters;
                if (input.Transform == Transform.Hash)
                {
                    hashed.Add(HashedSizes.Indicators(data, rows, input, parameters));
                }
                else
                {
                    binned.Add(input.Transform == Transform.Bins
                        ? IndicatorColumn.Of(
                            Array.ConvertAll(rows, row => (ushort)QuantileBins.BinOf(input.Edges, source[row])), input.Parameters,
                            parameters)
                        : IndicatorColumn.OrNone(
                            Array.ConvertAll(rows, row => (ushort)input.CellOf(data, row)), input.Parameters, parameters));
                }

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

        return new Design(rows.Length, [.. dense], [.. IndicatorBlock.Pack(binned), .. hashed], inputs, firstParameters, parameters);
    }

    /// <summary>z = X·weights + intercept.</summary>
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

        foreach (IndicatorBlock block in _blocks)
        {
            block.AddWeights(weights, margins);
        }
    }

    /// <summary>sums = Xᵀ·values; the entry of the intercept, which is last, is the sum of the values.</summary>
    /// <param name="values">A value for each row; <see cref="Length"/> long, zeros in the padding.</param>
    /// <param name="sums">Receives an entry for each parameter.</param>
    public void Transposed(ReadOnlySpan<double> values, Span<double> sums)
    {
        for (int j = 0; j < _dense.Length; j++)
        {
            sums[j] = RowKernel.Dot(_dense[j], values);
        }

        sums[_dense.Length..Parameters].Clear();
        foreach (IndicatorBlock block in _blocks)
        {
            block.AddUp(values, sums);
        }

        sums[Parameters] = RowKernel.Sum(values);
    }

    /// <summary>For each parameter of an indicator, the number of rows that have it as a share of all, a row with two as two.</summary>
    public double[] Shares()
    {
        double[] ones = new double[Length];
        ones.AsSpan(0, Rows).Fill(1);
        double[] counts = new double[Parameters + 1];
        Transposed(ones, counts);
        return Array.ConvertAll(counts, count => count / Rows);
    }

    /// <summary>The diagonal of Xᵀ·diag(curvatures)·X, the entry of the intercept last.</summary>
    /// <param name="curvatures">A value for each row; <see cref="Length"/> long.</param>
    /// <param name="diagonal">Receives an entry for each parameter.</param>
    /// <param name="scratch">Working space, <see cref="Length"/> long.</param>
    public void HessianDiagonal(ReadOnlySpan<double> curvatures, Span<double> diagonal, double[] scratch)
    {
        Transposed(curvatures, diagonal);
        foreach (IndicatorBlock block in _blocks)
        {
            block.AddRepeats(curvatures[..Rows], diagonal);
        }

        for (int j = 0; j < _dense.Length; j++)
        {
            Multiply(_dense[j], curvatures, scratch);
            diagonal[j] = RowKernel.Dot(_dense[j], scratch);
        }
    }

    /// <summary>A column of Xᵀ·diag(curvatures)·X.</summary>
    /// <param name="parameter">Which column.</param>
    /// <param name="curvatures">A value for each row; <see cref="Length"/> long.</param>
    /// <param name="column">Receives an entry for each parameter.</param>
    /// <param name="scratch">Working space, <see cref="Length"/> long.</param>
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

        _rowsOf ??= new IndicatorRows(_blocks, Rows, Parameters);
        ReadOnlySpan<int> rows = _rowsOf.Of(parameter);
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

        Span<int> own = new int[_blocks.Max(block => block.Width)];
        foreach (IndicatorBlock block in _blocks)
        {
            foreach (int row in rows)
            {
                foreach (int other in own[..block.CopyParameters(row, own)])
                {
                    column[other] += curvatures[row];
                }
            }
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
