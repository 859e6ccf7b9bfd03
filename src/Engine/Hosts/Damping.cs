using FlowMeter.Engine.Capture;
using FlowMeter.Engine.Numerics;

namespace FlowMeter.Engine.Hosts;

/// <summary>
/// Damped sums: an event that was t ago counts e^(−t/W). In a steady stream the sum is what came in the last W. Three windows W side by
/// side, in single precision: a sum is within a relative 1e-5 of the exact one.
/// </summary>
internal static unsafe class Damping
{
    /// <summary>Number of windows.</summary>
    public const int Windows = 3;

    /// <summary>Places of a sum: the windows, padded to a vector.</summary>
    public const int Lanes = 4;

    /// <summary>Sums below this count as 0.</summary>
    public const float Least = 1e-6f;

    /// <summary>Time that no sum remembers: the longest window. What is older by more than this than the newest time begins anew.</summary>
    public const long Memory = 600 * CaptureTime.Second;

    /// <summary>The windows in seconds.</summary>
    public static ReadOnlySpan<int> Seconds => [2, 60, 600];

    /// <summary>e^(−<paramref name="passed"/>/W) of each window.</summary>
    /// <param name="passed">Nanoseconds, 0 or more.</param>
    /// <param name="factors">Receives <see cref="Lanes"/> factors.</param>
    public static void Factors(long passed, double* factors)
    {
        double* windows = stackalloc double[Lanes] { 2, 60, 600, 600 };
        Lanes4 exponent = Lanes4.Broadcast(-passed / (double)CaptureTime.Second) / Lanes4.Load(windows);
        LaneMath.Exp(exponent).Store(factors);
    }

    /// <summary>sums = sums · factors.</summary>
    public static void Multiply(float* sums, double* factors)
    {
        for (int i = 0; i < Windows; i++)
        {
            sums[i] = (float)(sums[i] * factors[i]);
        }
    }

    /// <summary>sums = sums + factors.</summary>
    public static void Add(float* sums, double* factors)
    {
        for (int i = 0; i < Windows; i++)
        {
            sums[i] = (float)(sums[i] + factors[i]);
        }
    }

    /// <summary>part / whole, from 0 to 1; 0 where the whole counts as 0.</summary>
    public static float Share(float part, float whole) => whole < Least ? 0 : Math.Clamp(part / whole, 0, 1);
}
