using FlowMeter.Engine.Flow;
using FlowMeter.Engine.Memory;

namespace FlowMeter.Engine.Features;

/// <summary>Counts how many different sizes there are among a flow's first data packets, and how often the most frequent one is.</summary>
internal sealed unsafe class SizeTally : IDisposable
{
    // More than twice the sizes there can be, so that a search is short.
    private const int Slots = 256;

    private readonly NativeColumn<uint> _sizes = new(Slots);
    private readonly NativeColumn<byte> _counts = new(Slots);

    /// <summary>Counts the sizes of a flow; those of its two ends differ though they be equal in bytes.</summary>
    public (int Distinct, int MostFrequent) Count(in DataPackets data)
    {
        int distinct = 0;
        int most = 0;
        byte* counts = _counts.First;
        uint* sizes = _sizes.First;
        byte* taken = stackalloc byte[DataPackets.Kept];
        for (int i = 0; i < data.Count; i++)
        {
            uint size = data.Sizes[i] | ((uint)((data.SizesFromB[i / 8] >> (i % 8)) & 1) << 16);
            uint slot = (size * 0x9E37_79B1u) >> 24;
            while (counts[slot] != 0 && sizes[slot] != size)
            {
                slot = (slot + 1) % Slots;
            }

            if (counts[slot] == 0)
            {
                sizes[slot] = size;
                taken[distinct++] = (byte)slot;
            }

            most = Math.Max(most, ++counts[slot]);
        }

        for (int i = 0; i < distinct; i++)
        {
            counts[taken[i]] = 0;
        }

        return (distinct, most);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _sizes.Dispose();
        _counts.Dispose();
    }
}
