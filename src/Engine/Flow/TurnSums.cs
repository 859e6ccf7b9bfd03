using System.Runtime.InteropServices;

namespace FlowMeter.Engine.Flow;

/// <summary>Times from a data packet of one end to the next data packet, where that is the other end's.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct TurnSums
{
    /// <summary>Their sum, ns.</summary>
    public ulong Total;

    /// <summary>The shortest, ns.</summary>
    public ulong Minimum;

    /// <summary>Their number.</summary>
    public ulong Count;

    /// <summary>Adds one.</summary>
    public void Add(ulong time)
    {
        Minimum = Count == 0 ? time : Math.Min(Minimum, time);
        Total += time;
        Count++;
    }
}
