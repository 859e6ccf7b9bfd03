using FlowMeter.Engine.Numerics;

namespace FlowMeter.Engine.Features;

/// <summary>
/// Sets the times of one flow of months and their means again, from integers: as doubles they were rounded before they were divided (SPEC
/// §3).
/// </summary>
internal unsafe struct LongTimesRow(FeatureBlock block, int flow) : IColumnVisitor
{
    private const ulong Microsecond = 1000;

    private readonly double* _doubles = block.Column(0) + flow;
    private readonly ulong* _integers = block.Integers(0) + flow;
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
        _doubles[_next] = Quotient.Divide(_integers[_next], Microsecond);
        return Next();
    }

    /// <inheritdoc/>
    public void Ratio(string name, string unit, string meaning, int numerator, int denominator) => Next();

    /// <inheritdoc/>
    public void Deviation(string name, string unit, string meaning, double numerator, int packets) => Next();

    /// <inheritdoc/>
    public void GapMean(string name, string meaning, ulong total, int packets)
    {
        ulong all = _integers[packets];
        _doubles[_next] = all < 2 ? 0 : Quotient.Divide(_integers[_next], Microsecond * (all - 1));
        Next();
    }

    /// <inheritdoc/>
    public void GapDeviation(string name, string meaning, double numerator) => Next();

    private int Next()
    {
        int place = _next;
        _next += FeatureBlock.Stride;
        return place;
    }
}
