using System.Runtime.InteropServices;

namespace FlowMeter.Engine.Flow;

/// <summary>Payloads and flags of one end: one cache line.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct PayloadSide
{
    /// <summary>The counter of packets with payload; those before it are the TCP flags from FIN to URG.</summary>
    public const int DataPackets = 6;

    /// <summary>The counter of carries out of <see cref="Squares"/>, which only lying lengths ever need.</summary>
    public const int Carries = 7;

    public PacketCounters Counters;
    public ulong Bytes;

    /// <summary>The sum of squared payloads, its lower 64 bits.</summary>
    public ulong Squares;

    /// <summary>The smallest payload of a data packet.</summary>
    public uint Minimum;

    /// <summary>The largest payload.</summary>
    public uint Maximum;
}
