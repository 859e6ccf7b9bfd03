namespace FlowMeter.Report.Statistics;

/// <summary>
/// The keys of the largest weights in a stream of any length, in bounded memory: Misra and Gries' counters (1982) for weights. As long as there are fewer keys than counters all sums are exact; beyond,
/// each is too low by at most <see cref="Error"/>, which is no more than the total weight through half the counters.
/// </summary>
/// <param name="counters">How many keys are kept at most.</param>
internal sealed class HeavyHitters(int counters = HeavyHitters.MostKeys)
{
    /// <summary>Keys that are kept, some 100 bytes each.</summary>
    public const int MostKeys = 1 << 17;

    private readonly Dictionary<string, double> _sums = [];

    /// <summary>The most by which a sum is too low.</summary>
    public double Error { get; private set; }

    /// <summary>Keys that are known at present.</summary>
    public int Keys => _sums.Count;

    /// <summary>Adds to a key.</summary>
    public void Add(ReadOnlySpan<char> key, double weight)
    {
        if (!(weight > 0))
        {
            return;
        }

        Dictionary<string, double>.AlternateLookup<ReadOnlySpan<char>> sums = _sums.GetAlternateLookup<ReadOnlySpan<char>>();
        if (sums.TryGetValue(key, out double sum))
        {
            sums[key] = sum + weight;
            return;
        }

        if (_sums.Count >= counters)
        {
            Shrink();
        }

        sums[key] = weight;
    }

    /// <summary>The largest sums, in descending order; equal ones by key.</summary>
    public IReadOnlyList<(string Key, double Sum)> Top(int most) =>
        [.. _sums.OrderByDescending(pair => pair.Value).ThenBy(pair => pair.Key, StringComparer.Ordinal).Take(most).Select(pair => (pair.Key, pair.Value))];

    /// <summary>Takes the median sum off every key; those that have nothing left go. Half of them do, so the work is spread over as many additions.</summary>
    private void Shrink()
    {
        double[] sums = [.. _sums.Values];
        Array.Sort(sums);
        double median = sums[sums.Length / 2];
        Error += median;
        foreach ((string key, double sum) in _sums.ToArray())
        {
            if (sum <= median)
            {
                _sums.Remove(key);
            }
            else
            {
                _sums[key] = sum - median;
            }
        }
    }
}
