using System.Runtime.CompilerServices;
using FlowMeter.Engine.Numerics;

namespace FlowMeter.Engine.Features;

/// <summary>Fills in the features of one flow of a block, one behind the other, in the order of the profile's table.</summary>
internal unsafe ref struct FeatureRow(FeatureBlock block, int flow, int first)
{
    /// <summary>The feature that is set next.</summary>
    public int Next { get; private set; } = first;

    /// <summary>Sets a <see cref="ColumnSource.Whole"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Whole(ulong value)
    {
        block.Integers(Next)[flow] = value;
        block.Column(Next++)[flow] = value;
    }

    /// <summary>Sets a <see cref="ColumnSource.Microseconds"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Time(ulong nanoseconds)
    {
        block.Integers(Next)[flow] = nanoseconds;
        block.Column(Next++)[flow] = Quotient.Of(nanoseconds, 1000);
    }

    /// <summary>Sets a <see cref="ColumnSource.Real"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Real(double value) => block.Column(Next++)[flow] = value;

    /// <summary>Sets a real that is a quotient; 0 over 0 (SPEC §3).</summary>
    public void Ratio(double numerator, double denominator) => Real(denominator == 0 ? 0 : numerator / denominator);
}
