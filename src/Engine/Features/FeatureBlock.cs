using FlowMeter.Engine.Memory;

namespace FlowMeter.Engine.Features;

/// <summary>
/// The features of some hundred ended flows as columns: one array of doubles a feature, so that every kernel runs across flows. The block owns its
/// memory and is reused; values at and past <see cref="Count"/> in a column are stale but readable up to <see cref="Capacity"/>.
/// </summary>
public sealed unsafe class FeatureBlock : IDisposable
{
    /// <summary>Flows a block holds at most: a multiple of every vector width.</summary>
    public const int Capacity = 512;

    private readonly NativeColumn<double> _values;

    /// <summary>Allocates a block for <paramref name="features"/> columns.</summary>
    public FeatureBlock(int features)
    {
        Features = features;
        _values = new NativeColumn<double>((long)features * Capacity);
    }

    /// <summary>Number of columns.</summary>
    public int Features { get; }

    /// <summary>Flows in the block.</summary>
    public int Count { get; set; }

    /// <summary>The first value of a feature's column, 64-byte aligned, <see cref="Capacity"/> values long; valid until the block is disposed.</summary>
    public double* Column(int feature) => _values.First + ((long)feature * Capacity);

    /// <inheritdoc/>
    public void Dispose() => _values.Dispose();
}
