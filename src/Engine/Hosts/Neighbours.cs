using System.Runtime.InteropServices;

namespace FlowMeter.Engine.Hosts;

/// <summary>What was known of the two hosts of a flow when it began (<see cref="HostLedger"/>).</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct Neighbours
{
    /// <summary>The number of the source's entry.</summary>
    public uint SourceEntry;

    /// <summary>The number of the destination's entry.</summary>
    public uint DestinationEntry;

    /// <summary>The number of the entry of source, destination and service.</summary>
    public uint PairEntry;

    /// <summary>Earlier flows of this pair.</summary>
    public uint PairFlows;

    /// <summary>Time since the start of the last of them, ns.</summary>
    public long PairGap;

    /// <summary>The coefficient of variation of the last gaps between them.</summary>
    public float PairGapVariation;

    /// <summary>The share of the last of them whose first twelve packets had about the same payload.</summary>
    public float PairSameSize;

    /// <summary>How much older than the newest flow of the source this one was when it began, s.</summary>
    public float SourceLag;

    /// <summary>The same of the destination.</summary>
    public float DestinationLag;

    /// <summary>What the source did as a source.</summary>
    public HostView Source;

    /// <summary>What was done to the destination.</summary>
    public HostView Destination;
}
