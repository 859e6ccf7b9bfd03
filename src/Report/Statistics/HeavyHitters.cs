using System.Globalization;

namespace FlowMeter.Report.Statistics;

/// <summary>
/// The keys with the largest sums of weights in a stream of any length, in bounded memory: the counters of Misra and Gries (1982), for
/// weights. As long as there are no more keys than counters, all sums are exact; beyond, each is too low by at most <see cref="Error"/>,
/// which is at most the total weight divided by half the counters.
/// </summary>
/// <param name="counters">The largest number of keys to keep.</param>
internal sealed class HeavyHitters(int counters = HeavyHitters.MaxKeys)
{
    /// <summary>The default number of counters, of some 100 bytes each.</summary>
    public const int MaxKeys = 1 << 17;

    private readonly Dictionary<string, double> _sums = [];

    /// <summary>No sum is too low by more than this.</summary>
    public double Error { get; private set; }

    /// <summary>Number of keys at present.</summary>
    public int Keys => _sums.Count;

    /// <summary>Adds a weight to the sum of a key; one of 0 or less is ignored.</summary>
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

    /// <summary>
    /// The largest sums, at most <paramref name="max"/>, in descending order; equal ones by the number that their keys end in, then by key.
    /// </summary>
    public IReadOnlyList<(string Key, double Sum)> Top(int max) =>
    [
        .. _sums.OrderByDescending(pair => pair.Value).ThenBy(pair => NumberAtEnd(pair.Key))
            .ThenBy(pair => pair.Key, StringComparer.Ordinal).Take(max).Select(pair => (pair.Key, pair.Value)),
    ];

    /// <summary>The number behind the last blank of a key, as ports stand in services; -1 for none.</summary>
    private static long NumberAtEnd(string key) =>
        long.TryParse(key.AsSpan(key.LastIndexOf(' ') + 1), NumberStyles.None, CultureInfo.InvariantCulture, out long number) ? number : -1;

    /// <summary>
    /// Subtracts the median sum from each key and removes keys of 0 or less: at least half of them, so it runs once in so many additions.
    /// </summary>
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
