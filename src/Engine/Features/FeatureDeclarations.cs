namespace FlowMeter.Engine.Features;

/// <summary>The words of a profile's list of features: a numbered column for each, behind those of <paramref name="before"/>.</summary>
internal struct FeatureDeclarations(IReadOnlyList<Column> before) : IFeatureVisitor, IColumnVisitor
{
    private readonly List<Column> _columns = [.. before];
    private string _first = "";
    private string _second = "";

    /// <summary>The columns, once the list has been gone through.</summary>
    public readonly IReadOnlyList<Column> Columns => _columns;

    /// <inheritdoc cref="IFeatureVisitor.Group(string, string)"/>
    public void Group(string first, string second) => (_first, _second) = (first, second);

    /// <inheritdoc/>
    public void Group(int first, int second) => (_first, _second) = ($"{first}", $"{second}");

    /// <inheritdoc/>
    public void Group(string first, int second) => (_first, _second) = (first, $"{second}");

    /// <inheritdoc/>
    readonly void IFeatureVisitor.Integer(string name, string unit, string meaning, ulong value) =>
        Add(name, unit, meaning, ColumnSource.Integer);

    /// <inheritdoc/>
    readonly void IFeatureVisitor.Microseconds(string name, string meaning, ulong nanoseconds) =>
        Add(name, "µs", meaning, ColumnSource.Thousandths);

    /// <inheritdoc/>
    public readonly void Thousandths(string name, string unit, string meaning, ulong value) =>
        Add(name, unit, meaning, ColumnSource.Thousandths);

    /// <inheritdoc/>
    public readonly void Double(string name, string unit, string meaning, double value) => Add(name, unit, meaning, ColumnSource.Double);

    /// <inheritdoc/>
    public readonly void Ratio(string name, string unit, string meaning, double numerator, double denominator) =>
        Add(name, unit, meaning, ColumnSource.Double);

    /// <inheritdoc/>
    readonly int IColumnVisitor.Integer(string name, string unit, string meaning, ulong value) =>
        Add(name, unit, meaning, ColumnSource.Integer);

    /// <inheritdoc/>
    readonly int IColumnVisitor.Microseconds(string name, string meaning, ulong nanoseconds) =>
        Add(name, "µs", meaning, ColumnSource.Thousandths);

    /// <inheritdoc/>
    public readonly void Ratio(string name, string unit, string meaning, int numerator, int denominator) =>
        Add(name, unit, meaning, ColumnSource.Double);

    /// <inheritdoc/>
    public readonly void Deviation(string name, string unit, string meaning, double numerator, int packets) =>
        Add(name, unit, meaning, ColumnSource.Double);

    /// <inheritdoc/>
    public readonly void GapMean(string name, string meaning, ulong total, int packets) => Add(name, "µs", meaning, ColumnSource.Double);

    /// <inheritdoc/>
    public readonly void GapDeviation(string name, string meaning, double numerator) => Add(name, "µs", meaning, ColumnSource.Double);

    private readonly int Add(string name, string unit, string meaning, ColumnSource source)
    {
        _columns.Add(new Column(Fill(name), unit, Fill(meaning), source, _columns.Count));
        return (_columns.Count - 1) * FeatureBlock.Stride;
    }

    private readonly string Fill(string text) =>
        text.Replace("{0}", _first, StringComparison.Ordinal).Replace("{1}", _second, StringComparison.Ordinal);
}
