using FlowMeter.Learning.Data;
using FlowMeter.Learning.Training;


namespace FlowMeter.Tests.Learning.Training;

/// <summary>Small data sets for tests.</summary>
internal static class TrainingData
{
    /// <summary>A data set of rows; captures and times by row where they are not given.</summary>
    public static DataSet Of(double[][] rows, bool[] positive, int[]? capture = null, long[]? times = null, int[]? group = null)
    {
        int features = rows[0].Length;
        double[] ones = [.. rows.Select(_ => 1.0)];
        return new DataSet
        {
            Profile = DataSet.TableProfile,
            Features = [.. Enumerable.Range(0, features).Select(feature => $"feature_{feature}")],
            Columns = [.. Enumerable.Range(0, features).Select(feature => rows.Select(row => row[feature]).ToArray())],
            Positive = positive,
            Capture = capture ?? new int[rows.Length],
            Captures = [.. Enumerable.Range(0, (capture?.Max() ?? 0) + 1).Select(number => $"capture {number}")],
            Group = group ?? capture ?? new int[rows.Length],
            Times = times ?? [.. Enumerable.Range(0, rows.Length).Select(row => (long)row)],
            HasTimes = true,
            Packets = ones,
            Bytes = ones,
            BypassedPackets = ones,
            BypassedBytes = ones,
            HasVolumes = true,
        };
    }

    /// <summary>
    /// Seeded rows of which the first feature tells something, the second is much like it, and others are heavy-tailed or of few values.
    /// </summary>
    public static DataSet Random(int seed, int count, int features)
    {
        Random random = new(seed);
        double[][] rows = new double[count][];
        bool[] positive = new bool[count];
        for (int i = 0; i < count; i++)
        {
            rows[i] = new double[features];
            for (int f = 0; f < features; f++)
            {
                rows[i][f] = (f % 3) switch
                {
                    0 => random.NextDouble() - 0.5,
                    1 => Math.Exp(6 * random.NextDouble()),
                    _ => random.Next(4),
                };
            }

            if (features > 3)
            {
                rows[i][3] = (0.98 * rows[i][0]) + (0.02 * rows[i][3]);
            }

            positive[i] = rows[i][0] + (0.6 * (random.NextDouble() - 0.5)) > 0.05;
        }

        return Of(rows, positive, [.. Enumerable.Range(0, count).Select(row => row % 7)]);
    }

    /// <summary>A design of a data set with one transform for all features.</summary>
    public static Design Design(DataSet data, string transform)
    {
        TransformChoice choice = TransformChoice.Parse(transform)!.Value;
        int[] rows = data.AllRows();
        return FlowMeter.Learning.Training.Design.Create(
            data, rows, FittedInput.Fit(data, [.. Enumerable.Range(0, data.Features.Count)], rows, _ => choice));
    }

    /// <summary>The design matrix written out, a column of ones for the intercept at the end.</summary>
    public static double[][] WrittenOut(Design design)
    {
        double[][] rows = [.. Enumerable.Range(0, design.Rows).Select(_ => new double[design.Parameters + 1])];
        double[] unit = new double[design.Parameters + 1];
        double[] margins = new double[design.Length];
        for (int j = 0; j < unit.Length; j++)
        {
            Array.Clear(unit);
            unit[j] = 1;
            design.Margins(unit, margins);
            for (int i = 0; i < rows.Length; i++)
            {
                rows[i][j] = margins[i];
            }
        }

        return rows;
    }
}
