using System.Globalization;
using FlowMeter.Engine.Scoring;

namespace FlowMeter.Learning.Training;

/// <summary>A transform to train with, as it is typed: <c>identity</c>, <c>log1p</c> or <c>bins:N</c>.</summary>
/// <param name="Kind">What is done to a value.</param>
/// <param name="Bins">Bins of a feature at most; 0 unless the kind is bins.</param>
public readonly record struct TransformChoice(Transform Kind, int Bins)
{
    /// <summary>What <c>auto</c> tries.</summary>
    public static IReadOnlyList<TransformChoice> Auto { get; } =
        [new(Transform.Identity, 0), new(Transform.Log1P, 0), new(Transform.Bins, 8), new(Transform.Bins, 16), new(Transform.Bins, 32)];

    /// <summary>Reads a choice; null if it is none.</summary>
    public static TransformChoice? Parse(string text)
    {
        if (text.StartsWith("bins:", StringComparison.Ordinal))
        {
            return int.TryParse(text.AsSpan(5), NumberStyles.None, CultureInfo.InvariantCulture, out int bins) && bins is >= 2 and <= QuantileBins.MostBins
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
