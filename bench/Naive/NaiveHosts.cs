using FlowMeter.Engine.Decode;
using FlowMeter.Engine.Hosts;

namespace FlowMeter.Bench.Naive;

/// <summary>
/// The ledger of hosts as one would write it first: dictionaries of objects. What it holds is not bounded as the ledger is: where there are
/// too many hosts, it forgets all of them.
/// </summary>
internal sealed class NaiveHosts
{
    private const int MaxHosts = 1 << 17;
    private const ushort Dns = 53;

    private readonly Dictionary<(bool IsSource, ulong Address), NaiveHost> _hosts = [];
    private readonly Dictionary<(bool IsSource, ulong Address, ulong Service), DampedCount> _services = [];
    private readonly Dictionary<(ulong Source, ulong Destination), DampedCount> _peers = [];
    private readonly Dictionary<(ulong Source, ulong Destination, ulong Service), (long Last, uint Flows)> _pairs = [];

    /// <summary>The beginning of a flow whose source is endpoint A.</summary>
    public NaiveNeighbours Begin(in FlowKey key, long time)
    {
        if (_hosts.Count > MaxHosts)
        {
            _hosts.Clear();
            _services.Clear();
            _peers.Clear();
            _pairs.Clear();
        }

        FlowEnds ends = new(in key, forwardIsB: false);
        ulong source = ends.SourceLower;
        ulong destination = ends.DestinationLower;
        double[] samePeer = Take(_peers, (source, destination), time);
        NaiveView ofSource = Host(isSource: true, source).Begin(
            ends.CellOfDestination, ends.CellOfService, ends.Port == Dns, Take(_services, (true, source, ends.Service), time), samePeer,
            time);
        NaiveView ofDestination = Host(isSource: false, destination).Begin(
            ends.CellOfSource, ends.CellOfService, isDns: false, Take(_services, (false, destination, ends.Service), time), samePeer,
            time);
        _pairs.TryGetValue((source, destination, ends.Service), out (long Last, uint Flows) pair);
        _pairs[(source, destination, ends.Service)] = (time, pair.Flows + 1);
        return new NaiveNeighbours(ofSource, ofDestination, pair.Flows, pair.Flows == 0 ? 0 : time - pair.Last);
    }

    public void Answer(in FlowKey key, long start)
    {
        Host(isSource: true, key.ALower).Answer(start);
        Host(isSource: false, key.BLower).Answer(start);
    }

    public void ReachSix(in FlowKey key, long start)
    {
        Host(isSource: true, key.ALower).ReachSix(start);
        Host(isSource: false, key.BLower).ReachSix(start);
    }

    private static double[] Take<TKey>(Dictionary<TKey, DampedCount> counts, TKey key, long time)
        where TKey : notnull
    {
        if (!counts.TryGetValue(key, out DampedCount? count))
        {
            counts.Add(key, count = new DampedCount());
        }

        double[] before = count.At(time);
        count.Add(time);
        return before;
    }

    private NaiveHost Host(bool isSource, ulong address)
    {
        if (!_hosts.TryGetValue((isSource, address), out NaiveHost? host))
        {
            _hosts.Add((isSource, address), host = new NaiveHost());
        }

        return host;
    }
}
