using System.Runtime.CompilerServices;

namespace FlowMeter.Bench.Naive;

/// <summary>A ratio means something only if both twins come to the same result; every bench sees to that before it measures.</summary>
internal static class Twins
{
    public static void MustAgree(bool agree, [CallerArgumentExpression(nameof(agree))] string what = "")
    {
        if (!agree)
        {
            throw new InvalidOperationException($"the twins disagree: {what}");
        }
    }
}
