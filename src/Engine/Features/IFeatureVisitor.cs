namespace FlowMeter.Engine.Features;

/// <summary>
/// Goes through a profile's list of features, where the words about a feature and its value stand in one call:
/// <see cref="FeatureDeclarations"/> takes the words, <see cref="FeatureRow"/> the values of a flow. The list has a type parameter for it,
/// so that no word is left in the code that takes the values. What a list calls, and in which order, must not depend on the flow.
/// </summary>
internal interface IFeatureVisitor
{
    /// <summary>Says what <c>{0}</c> and <c>{1}</c> stand for in the names and meanings that follow.</summary>
    void Group(string first, string second);

    /// <inheritdoc cref="Group(string, string)"/>
    void Group(int first, int second);

    /// <inheritdoc cref="Group(string, string)"/>
    void Group(string first, int second);

    /// <summary>A <see cref="ColumnSource.Integer"/>.</summary>
    void Integer(string name, string unit, string meaning, ulong value);

    /// <summary>A <see cref="ColumnSource.Thousandths"/>.</summary>
    void Microseconds(string name, string meaning, ulong nanoseconds);

    /// <summary>A <see cref="ColumnSource.Thousandths"/>: <paramref name="value"/> in whole thousandths of the unit.</summary>
    void Thousandths(string name, string unit, string meaning, ulong value);

    /// <summary>A <see cref="ColumnSource.Double"/>.</summary>
    void Double(string name, string unit, string meaning, double value);

    /// <summary>A <see cref="ColumnSource.Double"/> that is a quotient; 0 over 0 (SPEC §3).</summary>
    void Ratio(string name, string unit, string meaning, double numerator, double denominator);
}
