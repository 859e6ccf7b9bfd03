using System.Runtime.CompilerServices;

namespace FlowMeter.Engine.Features;

/// <summary>
/// Lays out the sums of one flow of a block: integers as they are, times in nanoseconds, and what a computed feature is computed from in
/// its own place.
/// </summary>
internal unsafe struct SumsRow(FeatureBlock block, int flow) : IColumnVisitor
{
    private readonly double* _doubles = block.Column(0) + flow;
    private readonly ulong* _integers = block.Integers(0) + flow;
    private int _next;

    /// <inheritdoc/>
    public readonly void Group(string first, string second)
    {
    }

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public int Integer(string name, string unit, string meaning, ulong value) => Add(value);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public int Microseconds(string name, string meaning, ulong nanoseconds) => Add(nanoseconds);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Ratio(string name, string unit, string meaning, int numerator, int denominator) => _next += FeatureBlock.Stride;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Deviation(string name, string unit, string meaning, double numerator, int packets) => Add(numerator);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void GapMean(string name, string meaning, ulong total, int packets) => Add(total);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void GapDeviation(string name, string meaning, double numerator) => Add(numerator);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private int Add(ulong value)
    {
        _integers[_next] = value;
        return Add((double)value);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private int Add(double value)
    {
        int place = _next;
        _doubles[place] = value;
        _next += FeatureBlock.Stride;
        return place;
    }
}
