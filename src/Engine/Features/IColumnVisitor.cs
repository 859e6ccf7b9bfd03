namespace FlowMeter.Engine.Features;

/// <summary>
/// Goes through a list of features like <see cref="IFeatureVisitor"/>, where means, deviations and rates are computed for a whole block at
/// once: <see cref="SumsRow"/> lays out the sums of each flow, <see cref="ColumnComputation"/> turns whole columns of them into features,
/// <see cref="LongTimesRow"/> mends the flows whose times are too long for that, and <see cref="FeatureDeclarations"/> takes the words.
/// What a method returns is the place of the feature's column in the block, for those that are computed from it.
/// </summary>
internal interface IColumnVisitor
{
    /// <inheritdoc cref="IFeatureVisitor.Group(string, string)"/>
    void Group(string first, string second);

    /// <summary>A <see cref="ColumnSource.Integer"/>.</summary>
    int Integer(string name, string unit, string meaning, ulong value);

    /// <summary>A <see cref="ColumnSource.Thousandths"/>.</summary>
    int Microseconds(string name, string meaning, ulong nanoseconds);

    /// <summary>The quotient of two columns before it; 0 over 0.</summary>
    void Ratio(string name, string unit, string meaning, int numerator, int denominator);

    /// <summary>A deviation of something that each packet has: √<paramref name="numerator"/> over the column of packets.</summary>
    void Deviation(string name, string unit, string meaning, double numerator, int packets);

    /// <summary>The mean of gaps, of which there is one less than there are packets.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="meaning">What it is.</param>
    /// <param name="total">The sum of the gaps, ns.</param>
    /// <param name="packets">The column of packets.</param>
    void GapMean(string name, string meaning, ulong total, int packets);

    /// <summary>The deviation of the gaps whose mean stands before it: √<paramref name="numerator"/> (ns) over their number.</summary>
    void GapDeviation(string name, string meaning, double numerator);
}
