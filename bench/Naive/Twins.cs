using System.Runtime.CompilerServices;

namespace FlowMeter.Bench.Naive;

/// <summary>A ratio means something only if both twins come to the same result; every bench sees to that before it measures.</summary>
internal static class Twins
{
    /// <summary>Comparisons so far: a bench that made none compares nothing.</summary>
    public static long Checks { get; private set; }

    public static void MustAgree(bool agree, [CallerArgumentExpression(nameof(agree))] string what = "")
    {
        Checks++;
        if (!agree)
        {
            throw new InvalidOperationException($"the twins disagree: {what}");
        }
    }
}
