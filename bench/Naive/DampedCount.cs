namespace FlowMeter.Bench.Naive;

/// <summary>Events of the last 2, 60 and 600 s, each of which counts less the older it is: doubles, by the library's exponential.</summary>
internal sealed class DampedCount
{
    private static readonly int[] s_seconds = [2, 60, 600];

    private readonly double[] _sums = new double[s_seconds.Length];
    private long _clock;

    /// <summary>The sums at a time, no older than any before.</summary>
    public double[] At(long time)
    {
        for (int i = 0; i < _sums.Length; i++)
        {
            _sums[i] *= Factor(time - _clock, i);
        }

        _clock = time;
        return [.. _sums];
    }

    /// <summary>Counts an event of then.</summary>
    public void Add(long time)
    {
        for (int i = 0; i < _sums.Length; i++)
        {
            _sums[i] += Factor(_clock - time, i);
        }
    }

    private static double Factor(long passed, int window) => Math.Exp(-passed / 1e9 / s_seconds[window]);
}
