using System.Globalization;
using FlowMeter.Engine.Text;

namespace FlowMeter.Engine.Scoring;

/// <summary>What false alarms may cost at most; its text form is <c>5%</c> of flows, <c>bytes=5%</c> or <c>20/day</c>.</summary>
/// <param name="Unit">What is counted.</param>
/// <param name="Amount">A share from 0 to 1, or a number of alarms a day from 0 on.</param>
public readonly record struct Budget(BudgetUnit Unit, double Amount)
{
    private const string OfBytes = "bytes=";
    private const string ADay = "/day";

    /// <summary>Parses the text form; null for anything else.</summary>
    public static Budget? Parse(string text)
    {
        if (text.EndsWith(ADay, StringComparison.Ordinal))
        {
            return Quantity.Count(text[..^ADay.Length]) is decimal alarms ? new Budget(BudgetUnit.AlarmsADay, Number(alarms)) : null;
        }

        bool isOfBytes = text.StartsWith(OfBytes, StringComparison.Ordinal);
        return Quantity.Share(isOfBytes ? text[OfBytes.Length..] : text) is decimal share and <= 1
            ? new Budget(isOfBytes ? BudgetUnit.Bytes : BudgetUnit.Flows, Number(share))
            : null;
    }

    /// <inheritdoc/>
    public override string ToString() => Unit switch
    {
        BudgetUnit.AlarmsADay => string.Create(CultureInfo.InvariantCulture, $"{Amount} false alarms a day"),
        BudgetUnit.Bytes => string.Create(CultureInfo.InvariantCulture, $"{(decimal)Amount * 100:0.####} % of the bytes of benign flows"),
        _ => string.Create(CultureInfo.InvariantCulture, $"{(decimal)Amount * 100:0.####} % of benign flows"),
    };

    // Through text: the direct conversion may be wrong in the last bit.
    private static double Number(decimal value) =>
        double.Parse(value.ToString(CultureInfo.InvariantCulture), CultureInfo.InvariantCulture);
}
