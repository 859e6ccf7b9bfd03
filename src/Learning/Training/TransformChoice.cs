using System.Globalization;
using FlowMeter.Engine.Scoring;

namespace FlowMeter.Learning.Training;

/// <summary>A transform to train with; its text form is <c>identity</c>, <c>log1p</c> or <c>bins:N</c>.</summary>
/// <param name="Kind">The transform.</param>
/// <param name="Bins">The largest number of bins of a feature; 0 for other transforms.</param>
public readonly record struct TransformChoice(Transform Kind, int Bins)
{
    /// <summary>The transforms that <c>auto</c> tries.</summary>
    public static IReadOnlyList<TransformChoice> Auto { get; } =
        [new(Transform.Identity, 0), new(Transform.Log1P, 0), new(Transform.Bins, 8), new(Transform.Bins, 16), new(Transform.Bins, 32)];

    /// <summary>Parses the text form; null for anything else.</summary>
    public static TransformChoice? Parse(string text)
    {
        if (text.StartsWith("bins:", StringComparison.Ordinal))
        {
            return int.TryParse(text.AsSpan(5), NumberStyles.None, CultureInfo.InvariantCulture, out int bins)
                && bins is >= 2 and <= QuantileBins.MaxBins
                ? new TransformChoice(Transform.Bins, bins)
                : null;
        }

        return text switch
        {
            "identity" => new TransformChoice(Transform.Identity, 0),
            "log1p" => new TransformChoice(Transform.Log1P, 0),
            _ => null,
        };
    }

    /// <inheritdoc/>
    public override string ToString() => Kind switch
    {
        Transform.Identity => "identity",
        Transform.Log1P => "log1p",
        _ => string.Create(CultureInfo.InvariantCulture, $"bins:{Bins}"),
    };
}
