using FlowMeter.Engine.Capture;

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

    private const int MaxExponent = 40;
    private const int Parts = 64;

    private static readonly double[] s_wholes = [.. Enumerable.Range(0, MaxExponent).Select(n => Math.Exp(-n))];
    private static readonly double[] s_parts = [.. Enumerable.Range(0, Parts).Select(n => Math.Exp(-n / (double)Parts))];

    /// <summary>The windows in seconds.</summary>
    public static ReadOnlySpan<int> Seconds => [2, 60, 600];

    /// <summary>e^(−<paramref name="passed"/>/W) of each window, within a relative 1e-8; 0 from 40 windows on.</summary>
    /// <param name="passed">Nanoseconds, 0 or more.</param>
    /// <param name="factors">Receives <see cref="Lanes"/> factors, of which <see cref="Windows"/> mean something.</param>
    public static void Factors(long passed, double* factors)
    {
        double seconds = passed / (double)CaptureTime.Second;
        factors[0] = Decay(seconds / 2);
        factors[1] = Decay(seconds / 60);
        factors[2] = Decay(seconds / 600);
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

    /// <summary>e^(−x): by whole numbers, by parts of 64, and by a series for the rest.</summary>
    private static double Decay(double x)
    {
        if (!(x < MaxExponent))
        {
            return 0;
        }

        int parts = (int)(x * Parts);
        double rest = x - (parts / (double)Parts);
        return s_wholes[parts / Parts] * s_parts[parts % Parts] * (1 - (rest * (1 - (rest / 2 * (1 - (rest / 3))))));
    }
}
