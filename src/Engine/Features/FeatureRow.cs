using System.Diagnostics;
using System.Runtime.CompilerServices;
using FlowMeter.Engine.Numerics;

namespace FlowMeter.Engine.Features;

/// <summary>
/// The values of one flow of a block: going through a list of features with it fills in one after the other, from feature <paramref
/// name="first"/> on.
/// </summary>
/// <remarks>Inlined all of it: the words of a list are arguments that nobody takes, and vanish.</remarks>
internal unsafe struct FeatureRow(FeatureBlock block, int flow, int first) : IFeatureVisitor
{
    private readonly double* _doubles = block.Column(0) + flow;
    private readonly ulong* _integers = block.Integers(0) + flow;
    private int _next = first * FeatureBlock.Stride;

    /// <inheritdoc/>
    public readonly void Group(string first, string second)
    {
    }

    /// <inheritdoc/>
    public readonly void Group(int first, int second)
    {
    }

    /// <inheritdoc/>
    public readonly void Group(string first, int second)
    {
    }

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Integer(string name, string unit, string meaning, ulong value)
    {
        _integers[_next] = value;
        _doubles[_next] = value;
        _next += FeatureBlock.Stride;
    }

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Microseconds(string name, string meaning, ulong nanoseconds) => Thousandths(name, "µs", meaning, nanoseconds);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Thousandths(string name, string unit, string meaning, ulong value)
    {
        _integers[_next] = value;
        _doubles[_next] = Quotient.Divide(value, 1000);
        _next += FeatureBlock.Stride;
    }

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Double(string name, string unit, string meaning, double value)
    {
        _doubles[_next] = value;
        _next += FeatureBlock.Stride;
    }

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Ratio(string name, string unit, string meaning, double numerator, double denominator) =>
        Double(name, unit, meaning, denominator == 0 ? 0 : numerator / denominator);

    /// <summary>Fails in a debug build where the list did not come to the end of the block's features.</summary>
    [Conditional("DEBUG")]
    public readonly void AssertWhole(FeatureBlock block) =>
        Debug.Assert(_next == block.Features * FeatureBlock.Stride, "a list of features depends on the flow");
}
