using System.Runtime.InteropServices;

namespace FlowMeter.Engine.Flow;

/// <summary>What one end sent: one cache line. Valid only once the flow's state says that this end has sent something.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct EndpointSums
{
    public ulong Packets;
    public ulong Bytes;

    /// <summary>
    /// The sum of squared sizes, its lower 64 bits; <see cref="FlowColdFields"/> has the rest, which only lying lengths ever need.
    /// </summary>
    public ulong SizeSquares;
    public uint SizeMinimum;
    public uint SizeMaximum;

    /// <summary>The gaps between successive packets of this end.</summary>
    public GapSums Gaps;
}
