using FlowMeter.Engine.Features;

namespace FlowMeter.Engine.Scoring;

/// <summary>
/// Counts how often flows fall in each group of bins. Owned and written by one thread; others may read it at any time. The first flows are
/// all counted, then those of every 64th block, each for 64: counting all would take as long as scoring. Where many have been counted all
/// counts are halved, so that old flows fade.
/// </summary>
internal sealed unsafe class DriftCounter(DriftGroups groups)
{
    private const long CountsAllTo = 4096;
    private const int BlocksOfSample = 64;
    private const long HalvesFrom = 1 << 20;

    private readonly long[][] _counts = [.. groups.Features.Select(feature => new long[feature.Shares.Length])];
    private readonly byte[] _flows = new byte[FeatureBlock.Capacity];
    private long _total;
    private long _all;
    private long _blocks;
    private int _count;
    private int _times;

    /// <summary>The groups.</summary>
    public DriftGroups Groups => groups;

    /// <summary>Flows counted, those that fade by what is left of them.</summary>
    public long Total => Volatile.Read(ref _total);

    /// <summary>Flows that fell in a group.</summary>
    /// <param name="feature">The number of the feature among those of the groups.</param>
    /// <param name="group">The number of the group.</param>
    public long this[int feature, int group] => Volatile.Read(ref _counts[feature][group]);

    /// <summary>Begins a block, of which flows are added before <see cref="Count"/>.</summary>
    public void Begin()
    {
        _count = 0;
        _times = _all < CountsAllTo ? 1 : _blocks++ % BlocksOfSample == 0 ? BlocksOfSample : 0;
    }

    /// <summary>Adds a flow of the block, if it has as many packets as the flows of the training.</summary>
    public void Add(int flow, ulong packets)
    {
        if (_times > 0 && packets >= (ulong)groups.MinPackets)
        {
            _flows[_count++] = (byte)flow;
        }
    }

    /// <summary>Counts the flows that were added.</summary>
    public void Count(FeatureBlock block)
    {
        if (_count == 0)
        {
            return;
        }

        _all += _count;
        for (int f = 0; f < _counts.Length; f++)
        {
            DriftGroups.Feature feature = groups.Features[f];
            double* values = block.Column(feature.Column);
            long[] counts = _counts[f];
            for (int i = 0; i < _count; i++)
            {
                double value = values[_flows[i]];
                int group = 0;
                foreach (double edge in feature.Edges)
                {
                    group += edge <= value ? 1 : 0;
                }

                counts[group] += _times;
            }
        }

        Volatile.Write(ref _total, _total + ((long)_count * _times));
        if (_total >= HalvesFrom)
        {
            Halve();
        }
    }

    private void Halve()
    {
        foreach (long[] counts in _counts)
        {
            for (int group = 0; group < counts.Length; group++)
            {
                counts[group] /= 2;
            }
        }

        Volatile.Write(ref _total, _total / 2);
    }
}
