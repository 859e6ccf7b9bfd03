namespace FlowMeter.Report.Statistics;

/// <summary>
/// How many different hosts, and ports of them, each source talked to: what tells a scan from a busy client. Memory is bounded: beyond
/// 32,768 sources those with the fewest peers and ports leave.
/// </summary>
internal sealed class FanOut
{
    private const int MaxSources = 1 << 15;

    private readonly Dictionary<string, (DistinctCount Peers, DistinctCount Ports)> _sources = [];

    /// <summary>Whether sources had to leave, so that numbers of some may be too low.</summary>
    public bool IsCut { get; private set; }

    /// <summary>Takes a flow.</summary>
    /// <param name="source">The source's address.</param>
    /// <param name="destination">The destination's, as in the table.</param>
    /// <param name="port">The destination's port, as in the table; empty: none.</param>
    public void Add(ReadOnlySpan<char> source, ReadOnlySpan<byte> destination, ReadOnlySpan<byte> port)
    {
        var sources = _sources.GetAlternateLookup<ReadOnlySpan<char>>();
        if (!sources.TryGetValue(source, out (DistinctCount Peers, DistinctCount Ports) counts))
        {
            if (_sources.Count >= MaxSources)
            {
                Shrink();
            }

            counts = (new DistinctCount(), new DistinctCount());
            sources[source] = counts;
        }

        counts.Peers.Add(destination);
        if (!port.IsEmpty)
        {
            counts.Ports.Add(port);
        }
    }

    /// <summary>The sources with the most different peers, in descending order; equal ones by address.</summary>
    public IReadOnlyList<(string Key, double Sum)> ByPeers(int max) => Top(max, counts => counts.Peers.Value);

    /// <summary>The same by different destination ports.</summary>
    public IReadOnlyList<(string Key, double Sum)> ByPorts(int max) => Top(max, counts => counts.Ports.Value);

    private IReadOnlyList<(string Key, double Sum)> Top(int max, Func<(DistinctCount Peers, DistinctCount Ports), double> value) =>
    [
        .. _sources.Select(pair => (pair.Key, Sum: value(pair.Value))).Where(row => row.Sum > 0).OrderByDescending(row => row.Sum)
            .ThenBy(row => row.Key, StringComparer.Ordinal).Take(max),
    ];

    private void Shrink()
    {
        IsCut = true;
        double[] sums = [.. _sources.Values.Select(counts => counts.Peers.Value + counts.Ports.Value)];
        Array.Sort(sums);
        double median = sums[sums.Length / 2];
        foreach ((string key, (DistinctCount peers, DistinctCount ports)) in _sources.ToArray())
        {
            if (peers.Value + ports.Value <= median)
            {
                _sources.Remove(key);
            }
        }
    }
}
