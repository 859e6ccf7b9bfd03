using System.Globalization;

namespace FlowMeter.Learning.Training;

/// <summary>The weight of a flow of each class in training.</summary>
/// <param name="Benign">The weight of a benign flow.</param>
/// <param name="Malicious">The weight of a malicious flow.</param>
/// <param name="IsBalanced">Whether weights are n / (2 · flows of the class) instead, so that both classes have the same total
/// weight.</param>
public sealed record ClassWeight(double Benign, double Malicious, bool IsBalanced)
{
    /// <summary>The same weight for all flows.</summary>
    public static ClassWeight None { get; } = new(1, 1, false);

    /// <summary>The same total weight for both classes.</summary>
    public static ClassWeight Balanced { get; } = new(0, 0, true);

    /// <summary>Parses <c>none</c>, <c>balanced</c> or <c>BENIGN:MALICIOUS</c>; null for anything else.</summary>
    public static ClassWeight? Parse(string text)
    {
        if (text is "none" or "balanced")
        {
            return text == "none" ? None : Balanced;
        }

        string[] parts = text.Split(':');
        return parts.Length == 2 && Weight(parts[0]) is double benign && Weight(parts[1]) is double malicious
            ? new ClassWeight(benign, malicious, false)
            : null;
    }

    /// <summary>The weight of a benign and of a malicious flow, where there are this many.</summary>
    public (double Benign, double Malicious) For(int flows, int malicious) =>
        IsBalanced ? (flows / (2.0 * Math.Max(flows - malicious, 1)), flows / (2.0 * Math.Max(malicious, 1))) : (Benign, Malicious);

    /// <inheritdoc/>
    public override string ToString() =>
        IsBalanced ? "balanced" : this == None ? "none" : string.Create(CultureInfo.InvariantCulture, $"{Benign}:{Malicious}");

    private static double? Weight(string text) =>
        double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double weight) && weight > 0 && double.IsFinite(weight)
            ? weight
            : null;
}
