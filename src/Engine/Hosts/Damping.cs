using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
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

    /// <summary>Sums below this count as 0.</summary>
    public const float Least = 1e-6f;

    /// <summary>Time that no sum remembers: the longest window. What is older by more than this than the newest time begins anew.</summary>
    public const long Memory = 600 * CaptureTime.Second;

    // From here on, in windows, a factor counts as 0.
    private const double Longest = 40;

    // Added to a number below 2^51 in size, and taken away again, this rounds it; the integer is in the lowest bits meanwhile.
    private const double Rounder = 3L << 51;
    private const int FractionBits = 52;

    /// <summary>The windows in seconds.</summary>
    public static ReadOnlySpan<int> Seconds => [2, 60, 600];

    /// <summary>e^(−<paramref name="passed"/>/W) of each window, within a relative 1e-9; 0 from 40 windows on. The fourth is 1.</summary>
    /// <param name="passed">Nanoseconds, 0 or more.</param>
    /// <remarks>
    /// e^x = 2^k·e^r with k the whole number nearest to x/ln 2; of e^r, with |r| below 0.347, the terms of its series up to the ninth.
    /// </remarks>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<double> Factors(long passed)
    {
        Vector256<double> x = Vector256.Create((double)passed) * Vector256.Create(
            -1.0 / (2 * CaptureTime.Second), -1.0 / (60 * CaptureTime.Second), -1.0 / (600 * CaptureTime.Second), 0);
        Vector256<double> rounded = (x * Vector256.Create(1 / 0.693147180559945309)) + Vector256.Create(Rounder);
        Vector256<double> r = x - ((rounded - Vector256.Create(Rounder)) * Vector256.Create(0.693147180559945309));

        // In pairs of terms, so that no multiplication waits for more than three others.
        Vector256<double> squared = r * r;
        Vector256<double> fourth = squared * squared;
        Vector256<double> low = (Vector256<double>.One + r) + (squared * (Vector256.Create(1 / 2.0) + (r * Vector256.Create(1 / 6.0))));
        Vector256<double> high = (Vector256.Create(1 / 24.0) + (r * Vector256.Create(1 / 120.0)))
            + (squared * (Vector256.Create(1 / 720.0) + (r * Vector256.Create(1 / 5040.0))));
        Vector256<double> last = fourth * (Vector256.Create(1 / 40_320.0) + (r * Vector256.Create(1 / 362_880.0)));
        Vector256<double> power = low + (fourth * (high + last));
        Vector256<double> scaled = (power.AsInt64() + (rounded.AsInt64() << FractionBits)).AsDouble();
        return scaled & Vector256.GreaterThan(x, Vector256.Create(-Longest));
    }

    /// <summary>sums · factors.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<float> Multiply(Vector128<float> sums, Vector256<double> factors) => Single(Double(sums) * factors);

    /// <summary>sums = sums + factors, of <see cref="Windows"/> sums.</summary>
    public static void Add(float* sums, Vector256<double> factors)
    {
        for (int i = 0; i < Windows; i++)
        {
            sums[i] = (float)(sums[i] + factors[i]);
        }
    }

    /// <summary>part / whole, from 0 to 1; 0 where the whole counts as 0.</summary>
    public static float Share(float part, float whole) => whole < Least ? 0 : Math.Clamp(part / whole, 0, 1);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<double> Double(Vector128<float> values) => Avx.IsSupported
        ? Avx.ConvertToVector256Double(values)
        : Vector256.Create(Vector128.WidenLower(values), Vector128.WidenUpper(values));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<float> Single(Vector256<double> values) => Avx.IsSupported
        ? Avx.ConvertToVector128Single(values)
        : Vector128.Narrow(values.GetLower(), values.GetUpper());
}
