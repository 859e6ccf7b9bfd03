using FlowMeter.Engine.Features;
using FlowMeter.Engine.Flow;

namespace FlowMeter.Engine.Scoring;

/// <summary>Scores flows whose features come one at a time or as whole columns, through the same kernels that score live flows.</summary>
public sealed unsafe class RowScorer : IDisposable
{
    private readonly Scorer _scorer;
    private readonly FeatureBlock _block;
    private readonly double[] _probabilities = new double[FeatureBlock.Capacity];
    private readonly Explainer? _explainer;
    private readonly ScorePush[] _pushes;

    /// <summary>Prepares a model. The columns it is given are those of <see cref="Model.Columns"/>.</summary>
    /// <param name="model">The model.</param>
    /// <param name="explain">Features that explain a score; 0 for none.</param>
    public RowScorer(Model model, int explain = 0)
    {
        Model = model;
        IReadOnlyList<string> names = model.Columns;
        _scorer = new Scorer(model, names);
        _block = new FeatureBlock(names.Count);
        _explainer = explain > 0 ? new Explainer(model, names, explain) : null;
        _pushes = new ScorePush[explain];
    }

    /// <summary>The model.</summary>
    public Model Model { get; }

    /// <summary>Bytes of an explanation at most; 0 where there are none.</summary>
    public int MaxExplanation => _explainer?.MaxLength ?? 0;

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

    /// <summary>Writes what pushed the score of one of the rows scored last, before further rows are added; returns its bytes.</summary>
    /// <param name="row">The number of the row.</param>
    /// <param name="verdict">The verdict on it.</param>
    /// <param name="text">Receives a field of CSV; at least <see cref="MaxExplanation"/> long.</param>
    public int Explain(int row, Verdict verdict, Span<byte> text)
    {
        fixed (ScorePush* pushes = _pushes)
        fixed (byte* first = text)
        {
            _explainer!.Find(_block.Column(0) + row, FeatureBlock.Stride, verdict, pushes);
            return (int)(_explainer.Write(first, pushes) - first);
        }
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
