using System.Runtime.InteropServices;

namespace FlowMeter.Engine.Flow;

/// <summary>What profile <c>extended</c> keeps of a flow in its own column: four cache lines.</summary>
[StructLayout(LayoutKind.Sequential)]
internal unsafe struct PayloadSums
{
    /// <summary>Data packets of a flow that are kept one by one.</summary>
    public const int Kept = 10;

    /// <summary>The bits of <see cref="Sequence"/> that say how many are kept so far.</summary>
    public const ulong KeptMask = 15;

    /// <summary>One change of direction in <see cref="Sequence"/>.</summary>
    public const ulong Change = 1 << (4 + Kept);

    // One packet in Sequence.
    private const ulong Packet = 1UL << 60;

    public PayloadSide Low;
    public PayloadSide High;

    /// <summary>
    /// How many data packets are kept: 4 bits; which of them came from endpoint B: 10 bits; changes of direction: 46 bits; packets of
    /// the flow up to twelve, which only profile <c>full</c> counts: 4 bits.
    /// </summary>
    public ulong Sequence;

    /// <summary>Newest time of the data packets kept, ns.</summary>
    public long LastTime;

    public fixed uint Lengths[Kept];

    /// <summary>Gaps between them, ns.</summary>
    public fixed ulong Gaps[Kept - 1];

    /// <summary>Changes of direction.</summary>
    public readonly ulong Changes => (Sequence & (Packet - 1)) / Change;

    /// <summary>Whether the data packet kept at a place came from endpoint B.</summary>
    public readonly bool IsFromB(int place) => ((Sequence >> (4 + place)) & 1) != 0;

    /// <summary>Counts a packet. Returns which one of the flow it is; the twelfth is counted once, and those behind it are 0.</summary>
    public int CountUpToTwelve()
    {
        if (Sequence >= 12 * Packet)
        {
            return 0;
        }

        Sequence += Packet;
        return (int)(Sequence / Packet);
    }

    /// <summary>Keeps one more data packet.</summary>
    public void Keep(uint length, byte fromB, long time)
    {
        int place = (int)(Sequence & KeptMask);
        Lengths[place] = length;
        Sequence += 1 + ((ulong)fromB << (4 + place));
        if (place == 0)
        {
            LastTime = time;
            return;
        }

        long gap = Math.Max(time - LastTime, 0);
        Gaps[place - 1] = (ulong)gap;
        LastTime += gap;
    }
}
