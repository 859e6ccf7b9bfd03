using FlowMeter.Engine.Features;
using FlowMeter.Learning.Data;

namespace FlowMeter.Report.Statistics;

/// <summary>The distribution of the values of a column, by verdict.</summary>
/// <param name="place">The number of the column in the table.</param>
/// <param name="column">Its name and unit.</param>
internal sealed class FeatureSpread(int place, Column column)
{
    /// <summary>The number of the column in the table.</summary>
    public int Place => place;

    /// <summary>Its name and unit.</summary>
    public Column Column => column;

    /// <summary>Whether a value was no number; such a column is not shown.</summary>
    public bool IsText { get; private set; }

    /// <summary>A histogram for each of <see cref="TableStatistics.Verdicts"/>.</summary>
    public LogHistogram[] OfVerdict { get; } = [new(), new(), new()];

    /// <summary>Number of values that are numbers.</summary>
    public long Count => OfVerdict.Sum(histogram => histogram.Count);

    /// <summary>Counts a value.</summary>
    /// <param name="field">The field of the table.</param>
    /// <param name="verdict">The number of the verdict of its row.</param>
    public void Add(ReadOnlySpan<byte> field, int verdict)
    {
        if (IsText)
        {
            return;
        }

        if (NumberText.TryParse(field, out double value))
        {
            OfVerdict[verdict].Add(value);
        }
        else
        {
            IsText = true;
        }
    }
}
