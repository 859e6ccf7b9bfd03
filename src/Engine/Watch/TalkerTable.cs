using System.Runtime.InteropServices;
using FlowMeter.Engine.Hosts;

namespace FlowMeter.Engine.Watch;

/// <summary>
/// The hosts that move most, in bounded memory. When all places are taken the half that moved least goes, so a sum may be too low by what
/// a host moved before it went, never too high. Two intervals are kept, this one and the one before. Any thread may add and ask; adding
/// allocates nothing.
/// </summary>
internal sealed class TalkerTable
{
    /// <summary>Hosts of an interval.</summary>
    public const int Capacity = 8192;

    private readonly Lock _lock = new();
    private readonly long[] _bytes = new long[Capacity];
    private Dictionary<HostAddress, TalkerSums> _now = new(Capacity);
    private Dictionary<HostAddress, TalkerSums> _before = new(Capacity);

    /// <summary>Adds flows, each to both of its hosts.</summary>
    public void Add(ReadOnlySpan<TalkerFlow> flows)
    {
        lock (_lock)
        {
            foreach (ref readonly TalkerFlow flow in flows)
            {
                SumsOf(flow.Key.Source).Add(in flow);
                if (flow.Key.Source != flow.Key.Destination)
                {
                    SumsOf(flow.Key.Destination).Add(in flow);
                }
            }
        }
    }

    /// <summary>Begins an interval: the one before the last is forgotten.</summary>
    public void BeginInterval()
    {
        lock (_lock)
        {
            (_now, _before) = (_before, _now);
            _now.Clear();
        }
    }

    /// <summary>The hosts that moved the most bytes in both intervals, most first.</summary>
    /// <param name="max">Hosts at most.</param>
    public IReadOnlyList<Talker> Top(int max)
    {
        Dictionary<HostAddress, TalkerSums> all;
        lock (_lock)
        {
            all = new(_now);
            foreach ((HostAddress host, TalkerSums sums) in _before)
            {
                CollectionsMarshal.GetValueRefOrAddDefault(all, host, out _).Add(in sums);
            }
        }

        return
        [
            .. all.OrderByDescending(host => host.Value.Bytes).ThenByDescending(host => host.Value.Packets).Take(max).Select(host =>
                new Talker(host.Key.ToString(), host.Value.Flows, host.Value.Packets, host.Value.Bytes, host.Value.Malicious)),
        ];
    }

    private ref TalkerSums SumsOf(HostAddress host)
    {
        if (_now.Count == Capacity && !_now.ContainsKey(host))
        {
            Halve();
        }

        return ref CollectionsMarshal.GetValueRefOrAddDefault(_now, host, out _);
    }

    private void Halve()
    {
        int count = 0;
        foreach (TalkerSums sums in _now.Values)
        {
            _bytes[count++] = sums.Bytes;
        }

        Array.Sort(_bytes);
        long median = _bytes[Capacity / 2];
        foreach ((HostAddress host, TalkerSums sums) in _now)
        {
            if (sums.Bytes <= median)
            {
                _now.Remove(host);
            }
        }
    }
}
