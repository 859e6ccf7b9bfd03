using System.Runtime.InteropServices;

namespace FlowMeter.Engine.Flow;

/// <summary>The data packets of a flow, which are those with payload: turns of the conversation, gaps, and the first sizes.</summary>
[StructLayout(LayoutKind.Sequential)]
internal unsafe struct DataPackets
{
    /// <summary>Sizes that are kept.</summary>
    public const int Kept = 83;

    /// <summary>From data of endpoint A to data of endpoint B.</summary>
    public TurnSums FromA;

    /// <summary>From data of endpoint B to data of endpoint A.</summary>
    public TurnSums FromB;

    /// <summary>The newest time of a data packet, ns.</summary>
    public long LastTime;

    /// <summary>The sum of gaps between data packets, ns.</summary>
    public ulong GapTotal;

    /// <summary>The sum of their squares.</summary>
    public UInt128 GapSquares;

    /// <summary>Number of gaps.</summary>
    public ulong Gaps;

    /// <summary>Sizes kept.</summary>
    public byte Count;

    /// <summary>1 where the last one came from endpoint B.</summary>
    public byte LastFromB;

    /// <summary>Payload sizes in bytes, 65,535 for larger ones.</summary>
    public fixed ushort Sizes[Kept];

    /// <summary>A bit for each size: set where it came from endpoint B.</summary>
    public fixed byte SizesFromB[(Kept + 7) / 8];

    /// <summary>Takes a data packet.</summary>
    public void Take(uint size, byte fromB, long time)
    {
        if (Count == 0)
        {
            LastTime = time;
        }
        else
        {
            ulong gap = (ulong)Math.Max(time - LastTime, 0);
            LastTime += (long)gap;
            GapTotal += gap;
            GapSquares += (UInt128)gap * gap;
            Gaps++;
            if (fromB != LastFromB)
            {
                (fromB != 0 ? ref FromA : ref FromB).Add(gap);
            }
        }

        LastFromB = fromB;
        if (Count < Kept)
        {
            Sizes[Count] = (ushort)Math.Min(size, ushort.MaxValue);
            SizesFromB[Count / 8] |= (byte)(fromB << (Count % 8));
            Count++;
        }
    }
}
