using FlowMeter.Engine.Flow;
using FlowMeter.Engine.Memory;

namespace FlowMeter.Engine.Features;

/// <summary>
/// The features of some hundred ended flows as columns: one array of doubles a feature, so that every kernel runs across flows, and beside
/// it one of exact integers for those that are counts, sums or times. The block owns its memory and is reused; values at and past
/// <see cref="Count"/> in a column are stale but readable up to <see cref="Capacity"/>.
/// </summary>
public sealed unsafe class FeatureBlock : IDisposable
{
    /// <summary>
    /// Flows a block holds at most: those of a block of ended flows, a multiple of every vector width, and few enough for the block to stay
    /// in the second-level cache.
    /// </summary>
    public const int Capacity = FlowRecordBlock.Capacity;

    /// <summary>
    /// Values from one column to the next: a cache line more than a column, or all columns would fall to the same few sets of the cache.
    /// </summary>
    public const int Stride = Capacity + 8;

    private readonly NativeColumn<double> _values;
    private readonly NativeColumn<ulong> _integers;
    private readonly double* _first;
    private readonly ulong* _firstInteger;

    /// <summary>Allocates a block for <paramref name="features"/> columns.</summary>
    public FeatureBlock(int features)
    {
        Features = features;
        _values = new NativeColumn<double>((long)features * Stride);
        _integers = new NativeColumn<ulong>((long)features * Stride);
        _first = _values.First;
        _firstInteger = _integers.First;
    }

    /// <summary>Number of columns.</summary>
    public int Features { get; }

    /// <summary>Flows in the block.</summary>
    public int Count { get; set; }

    /// <summary>
    /// The first value of a feature's column, 64-byte aligned, <see cref="Capacity"/> values long; valid until the block is disposed.
    /// </summary>
    public double* Column(int feature) => _first + ((long)feature * Stride);

    /// <summary>
    /// The same feature as integers: a count, a sum of bytes, or a time in nanoseconds. Meaningless for a feature that is none of these.
    /// </summary>
    public ulong* Integers(int feature) => _firstInteger + ((long)feature * Stride);

    /// <inheritdoc/>
    public void Dispose()
    {
        _values.Dispose();
        _integers.Dispose();
    }
}
