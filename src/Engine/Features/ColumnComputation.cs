using FlowMeter.Engine.Numerics;

namespace FlowMeter.Engine.Features;

/// <summary>
/// Turns the sums that <see cref="SumsRow"/> laid out into features, all flows of a block at once: vector math down the columns.
/// </summary>
/// <param name="block">The block.</param>
/// <param name="gapCounts">Room for a column, 64-byte aligned: numbers of gaps, which are divisors and no feature.</param>
internal unsafe struct ColumnComputation(FeatureBlock block, double* gapCounts) : IColumnVisitor
{
    private const double Microsecond = 1000;

    private readonly double* _doubles = block.Column(0);
    private readonly int _count = block.Count;
    private int _next;

    /// <inheritdoc/>
    public readonly void Group(string first, string second)
    {
    }

    /// <inheritdoc/>
    public int Integer(string name, string unit, string meaning, ulong value) => Next();

    /// <inheritdoc/>
    public int Microseconds(string name, string meaning, ulong nanoseconds)
    {
        ColumnMath.Divide(_doubles + _next, Microsecond, _count);
        return Next();
    }

    /// <inheritdoc/>
    public void Ratio(string name, string unit, string meaning, int numerator, int denominator) =>
        ColumnMath.Ratio(_doubles + Next(), _doubles + numerator, _doubles + denominator, 1, _count);

    /// <inheritdoc/>
    public void Deviation(string name, string unit, string meaning, double numerator, int packets)
    {
        double* column = _doubles + Next();
        ColumnMath.RootRatio(column, column, _doubles + packets, 1, _count);
    }

    /// <inheritdoc/>
    public void GapMean(string name, string meaning, ulong total, int packets)
    {
        for (int i = 0; i < _count; i++)
        {
            gapCounts[i] = Math.Max(_doubles[packets + i] - 1, 0);
        }

        // Nanoseconds over the divisor's thousand: µs with a single rounding.
        double* column = _doubles + Next();
        ColumnMath.Ratio(column, column, gapCounts, Microsecond, _count);
    }

    /// <inheritdoc/>
    public void GapDeviation(string name, string meaning, double numerator)
    {
        double* column = _doubles + Next();
        ColumnMath.RootRatio(column, column, gapCounts, Microsecond, _count);
    }

    private int Next()
    {
        int place = _next;
        _next += FeatureBlock.Stride;
        return place;
    }
}
