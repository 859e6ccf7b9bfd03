using System.Globalization;
using FlowMeter.Engine.Text;

namespace FlowMeter.Cli.Options;

/// <summary>Two scores: benign below the first, malicious from the second on, undecided between; they may be the same.</summary>
/// <param name="Low">Benign below it, from 0 to <paramref name="High"/>.</param>
/// <param name="High">Malicious from it on, from <paramref name="Low"/> to 1.</param>
internal readonly record struct ScoreBand(double Low, double High)
{
    /// <summary>Parses P or LOW,HIGH; null for anything else.</summary>
    public static ScoreBand? Parse(string text)
    {
        string[] parts = text.Split(',');
        return parts.Length <= 2 && Score(parts[0]) is double low && Score(parts[^1]) is double high && low <= high
            ? new ScoreBand(low, high)
            : null;
    }

    /// <inheritdoc/>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Low},{High}");

    // Through text: the direct conversion may be wrong in the last bit.
    private static double? Score(string text) => Quantity.Share(text) is decimal share and <= 1
        ? double.Parse(share.ToString(CultureInfo.InvariantCulture), CultureInfo.InvariantCulture)
        : null;
}
