using FlowMeter.Engine.Features;

namespace FlowMeter.Engine.Scoring;

/// <summary>Scores flows whose features come one at a time or as whole columns, through the same kernels that score live flows.</summary>
public sealed unsafe class RowScorer : IDisposable
{
    private readonly Scorer _scorer;
    private readonly FeatureBlock _block;
    private readonly double[] _probabilities = new double[FeatureBlock.Capacity];

    /// <summary>Prepares a model. The columns it is given are those of <see cref="Model.Columns"/>.</summary>
    public RowScorer(Model model)
    {
        Model = model;
        IReadOnlyList<string> names = model.Columns;
        _scorer = new Scorer(model, names);
        _block = new FeatureBlock(names.Count);
    }

    /// <summary>The model.</summary>
    public Model Model { get; }

    /// <summary>Rows that wait for <see cref="Score()"/>.</summary>
    public int Count => _block.Count;

    /// <summary>Whether no further row may be added before <see cref="Score()"/>.</summary>
    public bool IsFull => _block.Count == FeatureBlock.Capacity;

    /// <summary>Adds a row.</summary>
    /// <param name="features">The values of the model's columns.</param>
    public void Add(ReadOnlySpan<double> features)
    {
        for (int f = 0; f < features.Length; f++)
        {
            _block.Column(f)[_block.Count] = features[f];
        }

        _block.Count++;
    }

    /// <summary>The probabilities of the rows that were added since the last call, valid until the next.</summary>
    public ReadOnlySpan<double> Score()
    {
        int count = _block.Count;
        _scorer.Score(_block, _probabilities);
        _block.Count = 0;
        return _probabilities.AsSpan(0, count);
    }

    /// <summary>The probabilities of whole columns.</summary>
    /// <param name="model">The model.</param>
    /// <param name="columns">The model's columns, in its order.</param>
    /// <param name="count">Values of a column.</param>
    public static double[] Score(Model model, IReadOnlyList<double[]> columns, int count)
    {
        using RowScorer scorer = new(model);
        double[] scores = new double[count];
        for (int first = 0; first < count; first += FeatureBlock.Capacity)
        {
            int rows = Math.Min(FeatureBlock.Capacity, count - first);
            for (int f = 0; f < columns.Count; f++)
            {
                columns[f].AsSpan(first, rows).CopyTo(new Span<double>(scorer._block.Column(f), rows));
            }

            scorer._block.Count = rows;
            scorer.Score().CopyTo(scores.AsSpan(first));
        }

        return scores;
    }

    /// <inheritdoc/>
    public void Dispose() => _block.Dispose();
}
